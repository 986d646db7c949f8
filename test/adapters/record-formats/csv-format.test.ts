import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { input, readRecords } from './read-records.ts';
import { valuesOf } from './values-of.ts';

const text = { inputs: [input('text', 'BYTES')], kept: ['id'] };
const x = { inputs: [input('x', 'FP32')], kept: [] };

async function values(content: string | Uint8Array, fields = text, options = {}) {
  const { records } = await readRecords('a.csv', content, fields, options);
  return records.map(({ tensors, error }) => error ?? valuesOf((tensors ?? [])[0] as never));
}

describe('CSV', () => {
  test('reads quoted fields, whatever they hold, and fields that are kept as JSON', async () => {
    const { records } = await readRecords('a.csv', 'id,text\n"7","a ""b"", c\r\nd"\n8,plain\n', text, {
      shardBytes: 1,
    });
    expect(records.map(({ tensors }) => valuesOf((tensors ?? [])[0] as never))).toEqual([['a "b", c\r\nd'], ['plain']]);
    expect(records.map(({ kept }) => kept)).toEqual([['"7"'], ['"8"']]);
    expect(records.map(({ number, offset }) => [number, offset])).toEqual([
      [0, 8],
      [1, 28],
    ]);
  });

  test.each([
    ['CRLF', 'text\r\na\r\nb\r\n'],
    ['no newline at the end', 'text\na\nb'],
    ['blank lines', '\ntext\n\na\n\nb\n\n'],
    ['a byte-order mark', '\ufefftext\na\nb\n'],
    ['a byte-order mark before a quoted name', '\ufeff"text"\na\nb\n'],
    ['carriage returns of their own', '"text"\n"a"\n"b"\r\n'],
  ])('reads a file with %s', async (_name, content) => {
    expect(await values(content)).toEqual([['a'], ['b']]);
  });

  test("takes a byte-order mark off the file's very start alone", async () => {
    const fields = { ...text, kept: ['text'] };
    const content = '\ufefftext\n\ufeffa\n"\ufeffb"\nc\n\ufeff\n';
    for (const shardBytes of [1, 1024]) {
      const { records } = await readRecords('a.csv', content, fields, { shardBytes });
      expect(records.map(({ kept }) => kept)).toEqual([['"\ufeffa"'], ['"\ufeffb"'], ['"c"'], ['"\ufeff"']]);
    }
  });

  test('reads other separators by setting, and tabs by the name', async () => {
    expect(await values('id;text\n1;a,b\n', text, { separator: ';' })).toEqual([['a,b']]);
    const { records } = await readRecords('a.tsv', 'id\ttext\n1\ta,b\n', text);
    expect(valuesOf((records[0]?.tensors ?? [])[0] as never)).toEqual(['a,b']);
  });

  test.each([
    ['INT64', ['9223372036854775807', '-9007199254740993'], [[9223372036854775807n], [-9007199254740993n]]],
    ['UINT64', ['18446744073709551615'], [[18446744073709551615n]]],
    ['FP32', ['0.1', '-1E+3', ' 2 '], [[Math.fround(0.1)], [-1000], [2]]],
    ['FP32', ['+3', '.5', '-.5', '5.', '+5.e-1'], [[3], [0.5], [-0.5], [5], [0.5]]],
    ['FP64', ['0.30000000000000004'], [[0.30000000000000004]]],
    ['BOOL', ['true', 'FALSE', '1', '0'], [[true], [false], [true], [false]]],
    ['BYTES', ['"  as it is "', '""'], [['  as it is '], ['']]],
  ] as const)('reads %s', async (datatype, lines, expected) => {
    const fields = { inputs: [input('x', datatype)], kept: [] };
    expect(await values(['x', ...lines].join('\n'), fields)).toEqual(expected);
  });

  test.each([
    ['FP32', 'abc', "column 'x', which fills the model's input 'x' (FP32): expected a number, got 'abc'"],
    ['FP32', '""', "column 'x', which fills the model's input 'x' (FP32): expected a number, got an empty field"],
    ['FP32', '"1,5"', "expected a number, got '1,5'"],
    ['FP32', '1]', "expected a number, got '1]'"],
    ['FP32', '.', "expected a number, got '.'"],
    ['FP32', '05', "expected a number, got '05'"],
    ['INT64', '+5', "expected a whole number, got '+5'"],
    ['FP32', 'NaN', "expected a number, got 'NaN'"],
    ['FP32', '1e39', "(FP32): expected a number in FP32's range, got '1e39'"],
    ['FP64', '-1e400', "(FP64): expected a number in FP64's range, got '-1e400'"],
    ['INT64', '5.0', "expected a whole number, got '5.0'"],
    ['INT64', '9223372036854775808', 'expected INT64, a number from -9223372036854775808 to 9223372036854775807'],
    ['UINT8', '256', 'expected UINT8, a number from 0 to 255, got 256'],
    ['BOOL', 'yes', "expected true or false, got 'yes'"],
  ] as const)('refuses as %s the field %s, and that record alone', async (datatype, field, message) => {
    const fields = { inputs: [input('x', datatype)], kept: [] };
    const [bad, good] = await values(`x\n${field}\n1\n`, fields);
    expect(bad).toContain(message);
    expect(good).toHaveLength(1);
  });

  test('fills a vector from several columns', async () => {
    const fields = { inputs: [input('X', 'INT32', [2, 2], ['a', 'b', 'c', 'd'])], kept: [] };
    const { records } = await readRecords('a.csv', 'd,c,x,b,a\n4,3,9,2,1\n', fields);
    expect(records[0]?.tensors?.[0]).toMatchObject({ shape: [2, 2] });
    expect(valuesOf(records[0]?.tensors?.[0] as never)).toEqual([1, 2, 3, 4]);
  });

  test('tells which columns a record lacks, or has too many, and goes on', async () => {
    const found = await values('id,text,kind\n1,a,b\n2\n3,a,b,c\n4,d,e\n');
    expect(found).toEqual([
      ['a'],
      "the record has 1 fields where the header names 3 columns: none for 'text', 'kind'",
      "the record has 4 fields where the header names 3 columns: after 'kind' comes 'c'; quote a field that has the separator",
      ['d'],
    ]);
  });

  test('refuses a record that is not UTF-8, alone', async () => {
    const found = await values(Buffer.concat([Buffer.from('text\na\n'), Buffer.from([0xff]), Buffer.from('\nb\n')]));
    expect(found).toEqual([['a'], 'the record is not UTF-8; save the file as UTF-8', ['b']]);
  });

  test('refuses a record whose quotation marks are out of place, alone', async () => {
    const found = await values('text,b\nx,y\n"x"y"",1\nz,2\n');
    expect(found[0]).toEqual(['x']);
    expect(found[1]).toContain('a quotation mark is out of place');
    expect(found[2]).toEqual(['z']);
  });

  test.each(['5" pipe,1', '5" x 6",1', '"5" pipe,1', ' "x",1'])(
    'refuses a record with a mark in a field that is not quoted, alone: %s',
    async (record) => {
      const found = await values(`text,b\nx,y\n${record}\nz,2\n"w",3\n`);
      expect(found).toEqual([['x'], expect.stringContaining('a quotation mark is out of place'), ['z'], ['w']]);
    },
  );

  test('tells how many lines a record takes whose field is closed by the mark of another', async () => {
    const found = await values('text,b\nx,1\n"open,2\ny,3\n"z",4\nw,5\n');
    expect(found).toEqual([['x'], expect.stringContaining('the record takes 3 lines'), ['w']]);
  });

  test.each([
    ['text,b\n"x\ny",1\nz,2\nw,"open\nv,3\n', 5],
    ['text,b\nx,"open', 2],
    ['text,"b\nx,1\n', 1],
  ])('refuses a file whose last quoted field has no end, and names its line: %j', async (content, line) => {
    for (const shardBytes of [1, 1024]) {
      await expect(readRecords('a.csv', content, text, { shardBytes })).rejects.toThrow(
        `'a.csv', line ${line}: a quotation mark opens a field, and none closes it before the file ends`,
      );
    }
  });

  test('reads in any shards the same records, wherever quotation marks are', async () => {
    const content = fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', '\r\n', '""', '","'), maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(content, async (lines) => {
        const read = async (shardBytes: number) =>
          (await readRecords('a.csv', `text,b\n${lines}`, text, { shardBytes }).catch(String)) as never;
        const [apart, together] = [await read(1), await read(1024)] as { records?: unknown }[];
        expect(apart?.records ?? apart).toEqual(together?.records ?? together);
      }),
      { numRuns: 40 },
    );
  });

  test('shows the record that is refused', async () => {
    const { records } = await readRecords('a.csv', 'x,y\nabc,"d\ne"\n', x);
    expect(JSON.parse(records[0]?.json ?? '')).toBe('abc,"d\ne"');
  });

  test('has no records in an empty file, or under a header alone', async () => {
    expect(await values('')).toEqual([]);
    expect(await values('text\n')).toEqual([]);
  });

  test.each([
    [
      'a,b\n1,2\n',
      "input 'x' (FP32): no column 'x'; the header has 'a', 'b'; say which column fills it: --map x=<column>",
    ],
    [
      'x,y, x\n1,2,3\n',
      "'a.csv': the first line, which names the columns, has the column 'x' twice; each needs a name of its own",
    ],
    [Buffer.from('\ufeffx\n1\n', 'utf16le'), "'a.csv' is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"],
    [Buffer.from('\ufeffx\n1\n', 'utf16le').swap16(), "'a.csv' is UTF-16"],
    [Buffer.from('x\n1\n', 'utf16le'), "'a.csv' is UTF-16"],
    [
      Buffer.from('x,\xff\n1,2\n', 'latin1'),
      "'a.csv': the first line, which names the columns, does not parse: the record is not UTF-8",
    ],
    [
      'x,y\r1,2\r',
      "'a.csv': the first line, which names the columns, has a carriage return (CR) in it; lines end in LF, or CRLF",
    ],
    [
      'x;y\n1;2\n',
      `no column 'x'; the header has 'x;y'; if ";" is between fields, a manifest has to say so: {"file": …, "separator": ";"}`,
    ],
    ['x\ty\n1\t2\n', 'if "\\t" is between fields, a manifest has to say so'],
  ])('refuses a header that cannot work: %j', async (content, message) => {
    await expect(readRecords('a.csv', content, x)).rejects.toThrow(message);
  });

  test.each([
    [
      input('X', 'FP32', [4]),
      "input 'X' (FP32): a record has 4 elements of it, the shape [4], and 'X' fills 1; name a column for each: --map X=<first>..<last>",
    ],
    [input('X', 'FP16'), "input 'X' (FP16): text cannot carry it; give an .npy or .parquet file"],
    [
      input('Y', 'FP32', [2, 2]),
      "no column 'Y'; the header has 'X'; say which columns fill its 4 elements: --map Y=<column>,<column>,…",
    ],
  ])('refuses an input that columns of text cannot fill', async (wanted, message) => {
    await expect(readRecords('a.csv', 'X\n1\n', { inputs: [wanted], kept: [] })).rejects.toThrow(message);
  });

  test('reads the same of fields without quotation marks, straight from their bytes, as of quoted ones', async () => {
    const field = fc.oneof(
      fc.float().map(String),
      fc.integer().map((value) => ` ${value}.0e-1 `),
      fc.string({ unit: fc.constantFrom(...'0123456789.-+eE[]{}: \té'), maxLength: 8 }),
    );
    const fields = { inputs: [input('x', 'FP32', [2], ['b', 'a']), input('c', 'BYTES')], kept: ['c', 'a', 'id'] };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 }), async (rows) => {
        const content = (mark: string) =>
          `a,b,c\n${rows.map((row) => row.map((each) => mark + each + mark).join(',')).join('\n')}\n1,2,last\n`;
        const read = async (mark: string) => {
          const { records } = await readRecords('a.csv', content(mark), fields);
          return records.map(({ tensors, kept, error }) => error ?? [tensors, kept]);
        };
        expect(await read('')).toEqual(await read('"'));
      }),
      { numRuns: 40 },
    );
  });
});
