import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { readTable } from '../../../src/adapters/training/read-table.ts';
import { readTexts } from '../../../src/adapters/training/read-texts.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tensorgate-told-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** What a file is refused with that has the columns x and y. */
async function told(read: typeof readTable | typeof readTexts, ending: string, content: string | Uint8Array) {
  const uri = join(scratch, `rows.${ending}`);
  await writeFile(uri, content);
  const reading = read({ uri, target: 'y', columns: undefined, scratch, tensorsOf: async () => [] });
  const error = await reading.then(
    () => new Error('nothing is wrong with it'),
    (why: Error) => why,
  );
  return error.message.replace(`${uri}: `, '');
}

/** What that is where one row is at fault. */
function ofRow(row: number, what: string, advice?: string): string {
  const ways = advice === undefined ? 'or leave it out' : `leave it out, or ${advice}`;
  return `a row cannot be learned from (mend it, ${ways}): row ${row}: ${what}`;
}

const truth = 'write 1 and 0 for true and false';
const name =
  'name the columns that are numbers with --columns (texts are for a model that reads them, with --head linear)';
const list = 'write each number of a list into a column of its own';
const struct = 'write each number of a struct into a column of its own';

test.each<[value: string, what: string, advice?: string]>([
  ['null', 'expected a number, got null, which is a missing value'],
  ['NaN', 'expected a number, got NaN, which is a missing value'],
  ['"n/a"', 'expected a number, got "n/a", which is a missing value'],
  ['-Infinity', 'expected a number, got -Infinity'],
  ['"inf"', 'expected a number, got "inf"'],
  ['"52088,1"', 'expected a number, got "52088,1": write 52088.1'],
  ['"52,088.10"', 'expected a number, got "52,088.10": write 52088.10'],
  ['"-1,234,567"', 'expected a number, got "-1,234,567": write -1234567'],
  ['"52,088"', 'expected a number, got "52,088": write 52088 or 52.088'],
  ['-1e39', '-1e39 is too large for FP32'],
  ['true', 'expected a number, got true', truth],
  ['"False"', 'expected a number, got "False"', truth],
  ['"5"', 'expected a number, got "5"', name],
  ['[1, 2]', 'expected a number, got a list', list],
  ['[[1]]', 'expected a number, got a list', list],
  ['[1, "a"]', 'expected a number, got a list', list],
  ['{"a": 1}', 'expected a number, got an object', struct],
])('a table of JSONL: what is told of %s, in a column alone and beside others', async (value, what, ...advice) => {
  const refused = ofRow(2, `column 'x': ${what}`, ...advice);
  expect(await told(readTable, 'jsonl', `{"x":1,"y":"a"}\n{"x":${value},"y":"a"}\n`)).toBe(refused);
  // One that is called as the input is that it fills.
  const beside = `{"x":1,"features":1,"y":"a"}\n{"x":1,"features":${value},"y":"a"}\n`;
  expect(await told(readTable, 'jsonl', beside)).toBe(refused.replace("'x'", "'features'"));
});

test('a table of JSONL: a field that is not there, a line that was cut, and a record that is none', async () => {
  const lines = (line: string) => `{"x":1,"y":"a"}\n{"x":1,"y":"a"}\n${line}\n`;
  expect(await told(readTable, 'jsonl', lines('{"y":"a"}'))).toBe(ofRow(3, "the record has no field 'x'"));
  // Where it was cut is what matters, and not what it began with.
  expect(await told(readTable, 'jsonl', lines('{"x":[1'))).toBe(
    ofRow(3, "field 'x': the JSON does not parse: at byte 7, expected ',' or ']', got the end"),
  );
  expect(await told(readTable, 'jsonl', lines('7'))).toBe(
    ofRow(3, 'the record: expected an object, got 7 (at byte 0)'),
  );
});

test.each<[value: string, what: string, advice?: string]>([
  ['', 'expected a number, got an empty field'],
  ['NA', "expected a number, got 'NA', which is a missing value"],
  ['-', "expected a number, got '-', which is a missing value"],
  ['-inf', "expected a number, got '-inf'"],
  ['1e39', '1e39 is too large for FP32'],
  ['True', "expected a number, got 'True'", truth],
  ['5 m', "expected a number, got '5 m'", name],
])('a table of CSV: what is told of %j', async (value, what, ...advice) => {
  const refused = ofRow(2, `column 'x': ${what}`, ...advice);
  expect(await told(readTable, 'csv', `w,x,y\n0,1,a\n0,${value},a\n`)).toBe(refused);
  // Quotation marks have another reader.
  expect(await told(readTable, 'csv', `w,x,y\n0,1,a\n0,"${value}",a\n`)).toBe(refused);
});

interface Column {
  readonly data: readonly unknown[];
  readonly schema: readonly object[];
}
const element = { name: 'x', repetition_type: 'OPTIONAL' };
const listOf = (leaf: object) => [
  { ...element, num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', ...leaf },
];
const parquet = ({ data, schema }: Column) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'x', data: [...data] },
        { name: 'y', data: data.map(() => 'a') },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        ...schema,
        { ...element, name: 'y', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      ] as never,
    }),
  );
const doubles = [{ ...element, type: 'DOUBLE' }];
const text = { ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
const pair = [
  { ...element, num_children: 2 },
  { name: 'a', repetition_type: 'OPTIONAL', type: 'DOUBLE' },
  { name: 'b', repetition_type: 'OPTIONAL', type: 'DOUBLE' },
];

test.each<[name: string, column: Column, what: string, advice: string]>([
  ['truth values', { data: [true], schema: [{ ...element, type: 'BOOLEAN' }] }, 'BOOLEAN', truth],
  ['texts', { data: ['a'], schema: [text] }, 'BYTE_ARRAY (UTF8)', name],
  ['bytes', { data: ['a'], schema: [{ ...text, converted_type: undefined }] }, 'BYTE_ARRAY', name],
  ['lists', { data: [[true]], schema: listOf({ type: 'BOOLEAN' }) }, 'list of BOOLEAN', list],
  ['structs', { data: [{ a: 1, b: 2 }], schema: pair }, 'a struct', struct],
  [
    'moments',
    { data: [new Date(0)], schema: [{ ...element, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }] },
    'INT64 (TIMESTAMP_MILLIS)',
    'write it as DOUBLE, or name the columns that are numbers with --columns',
  ],
])('a table of Parquet: what is told of a column of %s', async (_name, column, type, advice) => {
  expect(await told(readTable, 'parquet', parquet(column))).toBe(
    `column 'x' is ${type}, and numbers are expected: ${advice}`,
  );
});

test.each<[name: string, column: Column, what: string, advice?: string]>([
  ['nothing', { data: [1, null], schema: doubles }, 'expected a number, got null, which is a missing value'],
  ['NaN', { data: [1, Number.NaN], schema: doubles }, 'expected a number, got NaN, which is a missing value'],
  ['an infinity', { data: [1, -1 / 0], schema: doubles }, 'expected a number, got -Infinity'],
  ['a large number', { data: [1, 1e300], schema: doubles }, '1e+300 is too large for FP32'],
  ['a list', { data: [[1], [1, 2]], schema: listOf({ type: 'DOUBLE' }) }, 'expected a number, got a list', list],
])('a table of Parquet: what is told of %s', async (_name, column, what, ...advice) => {
  expect(await told(readTable, 'parquet', parquet(column))).toBe(ofRow(2, `column 'x': ${what}`, ...advice));
});

test.each([
  ['5', 'expected a text, got 5'],
  ['true', 'expected a text, got true'],
  ['["a", "b"]', 'expected a text, got a list'],
  ['null', 'expected a text, got null, which is a missing value'],
  ['NaN', 'expected a text, got NaN, which is a missing value'],
])('texts: what is told of %s', async (value, what) => {
  const lines = `{"x":"a","y":"a"}\n{"x":${value},"y":"a"}\n`;
  expect(await told(readTexts, 'jsonl', lines)).toBe(ofRow(2, `column 'x': ${what}`));
});

test('texts: what is told of a column of numbers, and of a field that is not there', async () => {
  const numbers = parquet({ data: [1], schema: doubles });
  expect(await told(readTexts, 'parquet', numbers)).toBe("column 'x' is DOUBLE, and texts are expected");
  const lines = '{"x":"a","y":"a"}\n{"x":"b","y":"a"}\n{"y":"a"}\n';
  expect(await told(readTexts, 'jsonl', lines)).toBe(ofRow(3, "the record has no field 'x'"));
});

test('whole numbers of more digits than a number keeps are classes of their own', async () => {
  const ids = ['12345678901234567890', '12345678901234567891', '-9007199254740993', '7'];
  const columns = [
    { name: 'x', data: [1, 2], type: 'INT32' as const },
    { name: 'y', data: [9007199254740993n, 9007199254740992n], type: 'INT64' as const },
  ];
  const targets = async (ending: string, content: string | Uint8Array) => {
    const uri = join(scratch, `ids.${ending}`);
    await writeFile(uri, content);
    return (await readTable({ uri, target: 'y', scratch })).targets;
  };
  const lines = ids.map((id) => `{"x": 1, "y": ${id}}`);
  expect(await targets('jsonl', lines.join('\n'))).toEqual(ids);
  expect(await targets('csv', ['x,y', ...ids.map((id) => `1,${id}`)].join('\n'))).toEqual(ids);
  const parquet = new Uint8Array(parquetWriteBuffer({ columnData: columns }));
  expect(await targets('parquet', parquet)).toEqual(['9007199254740993', '9007199254740992']);
});
