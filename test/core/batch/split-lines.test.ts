import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Line, type SplitOptions, splitLines } from '../../../src/core/batch/split-lines.ts';

const plain: SplitOptions = { maxBytes: 1000, offset: 0 };

async function split(pieces: readonly Uint8Array[], options: SplitOptions = plain): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const each = async function* () {
    yield* pieces;
  };
  for await (const some of splitLines(each(), options)) lines.push(...some);
  return lines;
}

async function texts(text: string, options?: SplitOptions): Promise<readonly string[]> {
  return (await split([Buffer.from(text)], options)).map((line) => Buffer.from(line.text).toString());
}

test('lines end at \\n or \\r\\n, the last at the end', async () => {
  expect(await texts('a\nb\r\nc')).toEqual(['a', 'b', 'c']);
  expect(await texts('a\n\nb\n')).toEqual(['a', '', 'b']);
  expect(await texts('')).toEqual([]);
});

test('quoted, an end between marks is none', async () => {
  const quoted = { ...plain, separator: 0x2c };
  expect(await texts('a,"b\nc ""d""\n"\ne', quoted)).toEqual(['a,"b\nc ""d""\n"', 'e']);
});

test('quoted, a mark within a field that is not quoted opens nothing', async () => {
  const quoted = { ...plain, separator: 0x2c };
  expect(await texts('5" pipe,a\nb,"x"y"",1\nc\n', quoted)).toEqual(['5" pipe,a', 'b,"x"y"",1', 'c']);
});

test('tells of the mark that is open at the end', async () => {
  const quoted = { ...plain, separator: 0x2c, offset: 10 };
  const found = await split([Buffer.from('a\nb,'), Buffer.from('"c\n"" d\ne')], quoted);
  expect(found.map(({ offset, openedAt }) => [offset, openedAt])).toEqual([
    [10, undefined],
    [12, 14],
  ]);
});

test('of a line past the limit its beginning is kept, and its length is told', async () => {
  const [first, second] = await split([Buffer.from('abc'), Buffer.from('defg\r\nhi\r\n')], { ...plain, maxBytes: 4 });
  expect(first).toEqual({ offset: 0, length: 9, text: new Uint8Array(Buffer.from('abcd')), isCut: true });
  expect(second).toMatchObject({ offset: 9, length: 4, isCut: false });
  // As long as it may be, and no longer.
  expect((await split([Buffer.from('abcd\r'), Buffer.from('\n')], { ...plain, maxBytes: 4 }))[0]).toMatchObject({
    isCut: false,
  });
});

test('however the bytes are cut into pieces, the lines are the same', async () => {
  const byte = fc.constantFrom(0x61, 0x0a, 0x0d, 0x22, 0xef);
  const pieces = fc.array(fc.array(byte, { maxLength: 6 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), fc.integer({ min: 1, max: 8 }), async (cut, quoted, maxBytes) => {
      const options = { maxBytes, offset: 5, ...(quoted && { separator: 0x61 }) };
      const plainLine = ({ text, ...line }: Line) => ({ ...line, text: [...text] });
      const whole = (await split([Uint8Array.from(cut.flat())], options)).map(plainLine);
      const inPieces = (
        await split(
          cut.map((bytes) => Uint8Array.from(bytes)),
          options,
        )
      ).map(plainLine);
      expect(inPieces).toEqual(whole);
      expect(whole.reduce((sum, { length }) => sum + length, 0)).toBe(cut.flat().length);
    }),
    { numRuns: 300 },
  );
});
