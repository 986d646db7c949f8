import { describe, expect, test } from '@jest/globals';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { FileDecoding } from '../../../src/adapters/batch-manifest/batch-manifest.ts';
import { openFileDecoder } from '../../../src/adapters/file-decoding/open-file-decoder.ts';
import { wavFile as wav } from '../../fakes/wav-file.ts';
import { npy } from '../npy/npy.ts';
import { input } from '../record-formats/read-records.ts';
import { valuesOf } from '../record-formats/values-of.ts';

const colors = [0, 37, 74, 111, 148, 185, 222, 3, 40, 77, 114, 151];
const withAlpha = Buffer.from(colors.flatMap((value, index) => (index % 3 === 2 ? [value, 255] : [value])));

function png(): Uint8Array {
  const picture = new PNG({ width: 2, height: 2 });
  withAlpha.copy(picture.data);
  return PNG.sync.write(picture);
}

const tall = input('image', 'UINT8', [2, 2, 3]);
const sound = input('sound', 'FP32', [-1]);

async function decoded(wanted: ReturnType<typeof input>, decoding: FileDecoding | undefined, bytes: Uint8Array) {
  return (await openFileDecoder(wanted, decoding))(bytes);
}

describe('a picture', () => {
  test('fills bytes as it is, without transparency', async () => {
    const tensor = await decoded(tall, undefined, png());
    expect(tensor).toMatchObject({ datatype: 'UINT8', shape: [2, 2, 3] });
    expect(valuesOf(tensor)).toEqual(colors);
  });

  test('fills floats channel by channel, scaled', async () => {
    const decoding: FileDecoding = { kind: 'image', scale: 0.5, mean: [1, 2, 3], std: [2, 2, 4] };
    const tensor = await decoded(input('x', 'FP32', [3, 2, 2]), decoding, png());
    expect(tensor.shape).toEqual([3, 2, 2]);
    const [red, green, blue] = [
      [0, 111, 222, 77],
      [37, 148, 3, 114],
      [74, 185, 40, 151],
    ] as const;
    expect(valuesOf(tensor)).toEqual([
      ...red.map((value) => (value * 0.5 - 1) / 2),
      ...green.map((value) => (value * 0.5 - 2) / 2),
      ...blue.map((value) => (value * 0.5 - 3) / 4),
    ]);
  });

  test('becomes grey where the input has one channel', async () => {
    // As Pillow's convert('L').
    expect(valuesOf(await decoded(input('x', 'UINT8', [2, 2, 1]), undefined, png()))).toEqual([30, 141, 73, 107]);
  });

  test("keeps its size where the input takes any, and takes the input's otherwise", async () => {
    expect((await decoded(input('x', 'UINT8', [-1, -1, 3]), undefined, png())).shape).toEqual([2, 2, 3]);
    expect((await decoded(input('x', 'UINT8', [4, 6, 3]), undefined, png())).shape).toEqual([4, 6, 3]);
  });

  test('may be a JPEG', async () => {
    const data = Buffer.from(Array.from({ length: 64 }, () => [200, 100, 50, 255]).flat());
    const bytes = jpeg.encode({ width: 8, height: 8, data }, 95).data;
    const [red, green, blue] = valuesOf(await decoded(tall, undefined, bytes)) as number[];
    expect(Math.abs((red ?? 0) - 200) + Math.abs((green ?? 0) - 100) + Math.abs((blue ?? 0) - 50)).toBeLessThan(9);
    await expect(decoded(tall, undefined, bytes.subarray(0, bytes.length / 2))).rejects.toThrow(
      'the JPEG picture does not decode',
    );
  });

  test.each([
    ['text', Buffer.from('hello'), 'expected a JPEG or PNG picture, got something else'],
    ['a GIF', Buffer.from('GIF89a....'), 'expected a JPEG or PNG picture, got GIF'],
    ['a PNG that was cut', png().subarray(0, 50), 'the PNG picture does not decode'],
    ['nothing', new Uint8Array(0), 'expected a JPEG or PNG picture, got something else'],
  ])('is not %s', async (_name, bytes, message) => {
    await expect(decoded(tall, undefined, bytes)).rejects.toThrow(message);
  });

  test('of too many pixels is refused by what its header says', async () => {
    const bytes = Buffer.from(png());
    bytes.writeUInt32BE(100_000, 16);
    bytes.writeUInt32BE(100_000, 20);
    await expect(decoded(tall, undefined, bytes)).rejects.toThrow('the picture has more than 25000000 pixels');
    const large = Buffer.from(jpeg.encode({ width: 8, height: 8, data: Buffer.alloc(256) }, 95).data);
    const frame = large.indexOf(Buffer.from([0xff, 0xc0]));
    large.writeUInt16BE(60_000, frame + 5);
    large.writeUInt16BE(60_000, frame + 7);
    await expect(decoded(tall, undefined, large)).rejects.toThrow('the picture has more than 25000000 pixels');
  });

  test.each([
    [input('x', 'FP32', [3, 2, 2]), { kind: 'image' }, "input 'x' is FP32, and nothing says the scale of its values"],
    [
      input('x', 'UINT8', [2, 2, 3]),
      { kind: 'image', scale: 1 },
      "input 'x' is UINT8, which takes the values 0 to 255 as they are",
    ],
    [input('x', 'UINT8', [2, 2, 4]), { kind: 'image' }, 'a picture fills [height, width, 3] or [3, height, width]'],
    [input('x', 'INT64', [2, 2, 3]), { kind: 'image' }, 'a picture fills UINT8 or FP32, and it takes INT64'],
  ] as const)('cannot fill %j by %j', async (wanted, decoding, message) => {
    await expect(openFileDecoder(wanted, decoding)).rejects.toThrow(message);
  });
});

describe('sound', () => {
  test.each([
    [1, 8, Uint8Array.of(0, 128, 192), [-1, 0, 0.5]],
    [1, 16, new Uint8Array(Int16Array.of(-32768, 16384).buffer), [-1, 0.5]],
    [1, 24, Uint8Array.of(0, 0, 0x80, 0, 0, 0x40), [-1, 0.5]],
    [1, 32, new Uint8Array(Int32Array.of(-(2 ** 31), 2 ** 30).buffer), [-1, 0.5]],
    [3, 32, new Uint8Array(Float32Array.of(0.25).buffer), [0.25]],
    [3, 64, new Uint8Array(Float64Array.of(0.25).buffer), [0.25]],
    [6, 8, Uint8Array.of(0xd5, 0x2a, 0xaa), [8 / 32768, -32256 / 32768, 32256 / 32768]],
    [7, 8, Uint8Array.of(0xff, 0x00, 0x80), [0, -32124 / 32768, 32124 / 32768]],
  ])('of format %d and %d bits becomes samples from -1 to 1', async (format, bits, data, expected) => {
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, wav(format, bits, data)))).toEqual(expected);
  });

  test('of two channels becomes their mean', async () => {
    const stereo = new Uint8Array(Int16Array.of(16384, 0, -16384, -16384).buffer);
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, wav(1, 16, stereo, { channels: 2 })))).toEqual([0.25, -0.5]);
  });

  test('whose length was not known as it began goes to its end', async () => {
    const stream = wav(1, 16, new Uint8Array(Int16Array.of(16384, 0).buffer), { size: 0xffffffff });
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, stream))).toEqual([0.5, 0]);
  });

  test.each([
    [wav(1, 16, new Uint8Array(4), { channels: 0 }), 'expected sound of 1 to 32 channels, got 0'],
    [wav(1, 16, new Uint8Array(4), { rate: 0 }), 'expected sound of 1 to 768000 samples a second, got 0'],
    [wav(1, 16, new Uint8Array(0)), 'the WAV file has no samples'],
    [wav(1, 16, new Uint8Array(4), { rate: 8000 }), 'expected 16000 samples a second, got 8000'],
    [wav(85, 16, new Uint8Array(4)), 'expected samples of PCM, float, A-law or µ-law, got format 85 of 16 bits'],
    [wav(1, 16, new Uint8Array(4)).subarray(0, 46), 'the WAV file ends within its data'],
    [Buffer.from('hello'), 'expected a WAV file'],
  ])('is refused where it is another', async (bytes, message) => {
    await expect(decoded(sound, { kind: 'wav', sampleRate: 16000 }, bytes)).rejects.toThrow(message);
  });
});

describe('other files', () => {
  test('fill an input of BYTES as they are', async () => {
    expect(valuesOf(await decoded(input('x', 'BYTES'), undefined, Buffer.from('as it is\n')))).toEqual(['as it is\n']);
  });

  test('fill numbers by their bytes, in the size that the input leaves free', async () => {
    const bytes = new Uint8Array(Int32Array.of(1, 2, 3, 4).buffer);
    const tensor = await decoded(input('x', 'INT32', [-1, 2]), { kind: 'raw' }, bytes);
    expect(tensor.shape).toEqual([2, 2]);
    expect(valuesOf(tensor)).toEqual([1, 2, 3, 4]);
    await expect(decoded(input('x', 'INT32', [2]), { kind: 'raw' }, bytes)).rejects.toThrow(
      'expected 8 bytes, INT32 of [2], got 16',
    );
  });

  test('fill an input by their array', async () => {
    const array = npy('<f4', '2,', new Uint8Array(Float32Array.of(1, 2).buffer));
    expect(valuesOf(await decoded(input('x', 'FP32', [2]), { kind: 'npy' }, array))).toEqual([1, 2]);
    await expect(decoded(input('x', 'FP32', [3]), { kind: 'npy' }, array)).rejects.toThrow(
      "the model's input 'x' takes FP32 of the shape [3], got FP32 of the shape [2]",
    );
    await expect(decoded(input('x', 'FP32', [3]), { kind: 'npy' }, Buffer.from('a'))).rejects.toThrow(
      'is no .npy file',
    );
  });

  test('need to be told what they are where the input does not say it', async () => {
    await expect(openFileDecoder(sound, undefined)).rejects.toThrow(
      "input 'sound' (FP32, [-1]): say in the manifest how a file becomes it",
    );
  });
});
