import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeInferenceRequest } from '../../src/protocol/decode-inference-request.ts';
import type { InputTensor } from '../../src/protocol/inference.ts';
import { shortestFloat32 } from '../../src/protocol/shortest-float32.ts';
import { defaultLimits } from '../../src/settings.ts';

type FloatDatatype = 'FP32' | 'FP64';

/** The request's bytes as a server reads them: a Buffer. */
function body(datatype: string, data: string, shape: readonly number[]): Uint8Array {
  return Buffer.from(`{"inputs":[{"name":"x","datatype":"${datatype}","shape":[${shape}],"data":${data}}]}`);
}

function scan(texts: readonly string[], datatype: FloatDatatype, separator = ','): ArrayLike<number> {
  const request = body(datatype, `[${texts.join(separator)}]`, [texts.length]);
  const [input] = decodeInferenceRequest(request, undefined, defaultLimits).inputs as [InputTensor];
  const { buffer, byteOffset } = input.data as Uint8Array;
  return datatype === 'FP32'
    ? new Float32Array(buffer, byteOffset, texts.length)
    : new Float64Array(buffer, byteOffset, texts.length);
}

function expectSame(texts: readonly string[], datatype: FloatDatatype, separator?: string): void {
  const scanned = scan(texts, datatype, separator);
  // Each by an expect of its own would take most of the time.
  const others = texts.flatMap((text, i) => {
    const parsed = JSON.parse(text) as number;
    const expected = datatype === 'FP32' ? Math.fround(parsed) : parsed;
    return Object.is(scanned[i], expected) ? [] : [{ text, expected, got: scanned[i] }];
  });
  expect(others).toEqual([]);
}

/** `numerator / 2^power` as a decimal in full. */
function fullDecimal(numerator: bigint, power: number): string {
  const digits = (numerator * 5n ** BigInt(power)).toString().padStart(power + 1, '0');
  return `${digits.slice(0, -power)}.${digits.slice(-power)}`;
}

describe('many numbers in one tensor are what JSON.parse makes of them', () => {
  const digits = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
  const whole = digits(1, 25).map((text) => text.replace(/^0+(?=.)/, ''));
  const exponent = fc.integer({ min: -330, max: 12 }).map((power) => `e${power}`);
  const short = fc.tuple(digits(1, 3), digits(1, 8)).map(([a, b]) => `${a.replace(/^0+(?=.)/, '')}.${b}`);
  const long = fc.tuple(whole, digits(1, 40), fc.oneof(fc.constant(''), exponent)).map(([a, b, e]) => `${a}.${b}${e}`);
  const tiny = fc.double({ min: 0, max: 1e-307, noNaN: true }).map((value) => String(Math.abs(value)));
  const number = fc.tuple(fc.constantFrom('', '-'), fc.oneof(short, whole, long, tiny)).map(([a, b]) => a + b);
  const separator = fc.constantFrom(',', ', ', ' ,\n  ', '\t,\r\n');

  test.each(['FP32', 'FP64'] as const)('mixed forms, %s', (datatype) => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 80 }), separator, (texts, between) => {
        expectSame(texts, datatype, between);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['short', '0.5'],
    ['of 17 digits', '0.12345678901234567'],
    ['of 40 digits', `0.${'7'.repeat(40)}`],
    ['with exponents', '1.5e-30'],
    ['below the normal numbers', '4.9e-320'],
  ])('two thousand numbers %s, with others among them', (_form, text) => {
    const texts = Array.from({ length: 2000 }, (_, i) => (i % 97 === 5 ? '-12' : i % 89 === 3 ? '1.25e3' : text));
    expectSame(texts, 'FP32');
    expectSame(texts, 'FP64');
  });

  test('numbers halfway between two FP32 numbers, and right beside them', () => {
    const odd = fc.integer({ min: 2 ** 23, max: 2 ** 24 - 1 }).map((value) => BigInt(value) * 2n + 1n);
    fc.assert(
      fc.property(odd, fc.integer({ min: 1, max: 24 }), (numerator, power) => {
        const half = fullDecimal(numerator, power);
        const below = fullDecimal(numerator * 2n ** 60n - 1n, power + 60);
        expectSame([half, `${half}1`, below], 'FP32');
      }),
    );
  });

  test('numbers halfway between two doubles, and right beside them', () => {
    const odd = fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }).map((value) => value * 2n + 1n);
    fc.assert(
      fc.property(odd, fc.integer({ min: 0, max: 40 }), (value, power) => {
        const half = value << BigInt(power);
        expectSame([half - 1n, half, half + 1n].map(String), 'FP64');
        expectSame([fullDecimal(value, power + 1), `${fullDecimal(value, power + 1)}1`], 'FP64');
      }),
    );
  });

  test.each(['01', '-', '1.', '.5', '1e', '1e+', '+1', '1.5.2', '0x1', '1 2', '--1', '', '-01.5', '1_0', '1,'])(
    'among good numbers, %p is refused as JSON.parse refuses it',
    (bad) => {
      for (const texts of [
        [bad, '1'],
        ['1.5', bad, '2'],
        ['0.12345678901234567', bad],
      ]) {
        expect(() => JSON.parse(`[${texts.join(',')}]`) as unknown).toThrow(SyntaxError);
        expect(() => scan(texts, 'FP32')).toThrow(expect.objectContaining({ name: 'ServiceError', status: 400 }));
      }
    },
  );

  test('a bad element after many that JSON.parse was left to read is refused', () => {
    const tiny = Array.from({ length: 500 }, () => '4.9e-320');
    expect(() => scan([...tiny, 'null'], 'FP64')).toThrow("input 'x', element 500: expected a number, got null");
    expect(() => scan([...tiny, '1e400'], 'FP64')).toThrow("input 'x', element 500: 1e400 is too large for FP64");
  });

  test.each(['"NaN"', 'NaN', '"-Infinity"', '-Infinity'])('%s gets advice', (word) => {
    expect(() => scan(['1', word], 'FP32')).toThrow('JSON has no NaN and no infinities');
  });
});

describe('the rest of the envelope', () => {
  test('data before its datatype is checked as strictly as after it', () => {
    const request = (data: string) =>
      Buffer.from(`{"inputs":[{"data":${data},"datatype":"FP32","shape":[2],"name":"x"}]}`);
    const decode = (data: string) => decodeInferenceRequest(request(data), undefined, defaultLimits);
    expect(decode('[1, -2.5]').inputs[0]?.data).toEqual(new Uint8Array(Float32Array.of(1, -2.5).buffer));
    expect(() => decode('[1, x]')).toThrow("expected a value, got 'x'");
    expect(() => decode('[[1, 2]')).toThrow('the JSON does not parse');
    expect(() => decode('7')).toThrow("input 'x': 'data': expected an array of numbers, got 7 (at byte 19)");
  });

  test.each([0, 1, 2, 3])('a binary tensor of a Buffer lies on its element size, %i bytes off', (offset) => {
    const json = `${' '.repeat(offset)}{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]}`;
    const request = Buffer.concat([Buffer.from(json), new Uint8Array(Float32Array.of(1.5).buffer)]);
    const [input] = decodeInferenceRequest(request, json.length, defaultLimits).inputs as [InputTensor];
    const { buffer, byteOffset } = input.data as Uint8Array;
    expect(byteOffset % 4).toBe(0);
    expect([...new Float32Array(buffer, byteOffset, 1)]).toEqual([1.5]);
  });

  test.each([-1, Number.NaN])('a JSON length of %d is refused', (jsonBytes) => {
    expect(() => decodeInferenceRequest(body('FP32', '[1]', [1]), jsonBytes, defaultLimits)).toThrow(
      `Inference-Header-Content-Length is ${jsonBytes}`,
    );
  });

  test('a parameter that is no finite number is refused', () => {
    const request = Buffer.from('{"parameters":{"timeout":1e400},"inputs":[]}');
    expect(() => decodeInferenceRequest(request, undefined, defaultLimits)).toThrow(
      "parameter 'timeout': 1e400 is too large for a number",
    );
  });
});

test('a fraction in FP32 is never written longer than any decimal that reads back to it', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = shortestFloat32(value);
      expect(Math.fround(Number(text))).toBe(value);
      if (Number.isInteger(value)) return;
      const digits = text.replace(/e.*/, '').replace(/[-.]/g, '').replace(/^0+/, '').length;
      for (let shorter = 1; shorter < digits; shorter += 1)
        if (Math.fround(Number(value.toPrecision(shorter))) === value)
          throw new Error(`${value} was written as ${text}, where ${shorter} digits are enough`);
    }),
    { numRuns: 2000 },
  );
});
