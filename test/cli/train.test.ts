import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { inferItems } from '../../cli/infer-items.ts';
import { SampleProgress } from '../../cli/sample-progress.ts';
import { trainCommand } from '../../cli/train.ts';
import { trainNew } from '../../cli/train-new.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { openPictureEncoder } from '../../src/adapters/file-decoding/open-picture-encoder.ts';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { fillRecipe } from '../../src/adapters/training/fill-recipe.ts';
import { readRecipe } from '../../src/adapters/training/read-recipe.ts';
import { recipeSchema } from '../../src/adapters/training/recipe-schema.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { learningRate } from '../../src/graph/gradient/optimizers/learning-rate.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { wordTokenizer } from '../fakes/word-tokenizer.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);
const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
const wordsOf = ({ mock }: typeof log) => mock.calls.map(([line]) => String(line)).join('\n');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-train-'));
  const random = seededRandom(4);
  const rows = Array.from({ length: 60 }, (_row, at) => {
    const kind = at % 3;
    const [x, y] = [kind + random() / 2, (kind === 1 ? 3 : 0) + random() / 2].map((value) => value.toFixed(3));
    return { x, y, kind: ['red', 'green', 'blue'][kind] as string };
  });
  await writeFile(file('rows.csv'), ['x,y,kind', ...rows.map(({ x, y, kind }) => `${x},${y},${kind}`)].join('\n'));
  await writeFile(
    file('rows.jsonl'),
    rows.map(({ x, y, kind }) => JSON.stringify({ kind, x: Number(x), y: Number(y) })).join('\n'),
  );
  await writeFile(file('recipe.json'), JSON.stringify({ epochs: 12, hidden: [8], learningRate: 0.1 }));
  await writeFile(file('plain.json'), JSON.stringify({ epochs: 12, learningRate: 0.1 }));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(name: string, data: string, target: string, ...more: string[]): Promise<void> {
  log.mockClear();
  error.mockClear();
  const recipe = file(more.includes('mlp') || more.includes('cnn') ? 'recipe.json' : 'plain.json');
  const places = ['--models', file('repository'), '--svg', file('curve.svg'), '--recipe', recipe];
  await trainCommand().parseAsync([name, '--data', file(data), '--target', target, ...more, ...places], {
    from: 'user',
  });
}

const usual = () =>
  ({ models: file('repository'), input: [], output: [], json: false }) as unknown as Parameters<typeof inferItems>[2];

const manifest = async (version: string) =>
  JSON.parse(await readFile(file(`repository/${version}/manifest.json`), 'utf8'));

async function weightsOf(version: string): Promise<ReadonlyMap<string, string>> {
  const { graph } = await openOnnxModel(file(`repository/${version}/model.onnx`));
  return new Map(
    Array.from(graph.initializers, ([name, { data }]) => [name, Buffer.from(data.held as Uint8Array).toString('hex')]),
  );
}

test('a table becomes a model that serves its task, says how it was made and how good it is', async () => {
  await train('colours', 'rows.csv', 'kind', '--new', 'mlp');
  expect(wordsOf(log)).toMatch(/rows +42 to learn from, 6 to stop by, 12 to measure by/);
  expect(wordsOf(log)).toMatch(/accuracy +100\.0 % \(7\d\.\d % to 100\.0 %\)/);
  // It leads nowhere, which is seen once it is written to alone.
  await symlink(file('no/c.svg'), file('c.svg'));
  const nowhere = ['--data', file('rows.csv'), '--target', 'kind', '--models', file('drawn'), '--svg', file('c.svg')];
  await expect(
    trainCommand().parseAsync(['colours', '--new', 'mlp', '--epochs', '1', ...nowhere], { from: 'user' }),
  ).rejects.toThrow(/^model 'colours' version 1 is stored, but not drawn: ENOENT.*c\.svg/);
  const { made, metrics, files } = await manifest('colours/1');
  expect(Object.keys(files)).toEqual(['config.json', 'model.onnx', 'samples.jsonl']);
  expect(metrics).toMatchObject({ rows: 12, accuracy: { value: 1 }, f1: { value: 1 }, rocAuc: { value: 1 } });
  expect(made).toMatchObject({
    by: 'train',
    passes: ['new mlp'],
    seed: 1,
    data: [{ name: file('rows.csv'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    recipe: { epochs: 12, hidden: [8], learningRate: { rate: 0.1 }, optimizer: { kind: 'adam' } },
    report: { classes: ['blue', 'green', 'red'], rows: { train: 42, validation: 6, test: 12 } },
  });
  const { curve, metrics: measured } = made.report;
  expect(curve.length).toBeGreaterThan(5);
  expect(curve.at(-1).loss).toBeLessThan(curve[0].loss);
  expect(measured.confusion).toEqual([
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ]);
  const { predictions } = await inferItems({ name: 'colours' }, ['{"x": 1.2, "y": 3.1}'], usual());
  expect(predictions).toMatchObject([[{ label: 'green' }, {}, {}]]);
  expect(await readFile(file('curve.svg'), 'utf8')).toContain('4 of 4 held for green');
});

test('the same rows, recipe and seed give the same bytes, from another format too', async () => {
  await train('again', 'rows.csv', 'kind', '--new', 'mlp', '--columns', 'x,y');
  await train('lines', 'rows.jsonl', 'kind', '--new', 'mlp');
  for (const name of ['rows.csv', 'rows.jsonl']) {
    await writeFile(file(`${name}.gz`), gzipSync(await readFile(file(name))));
    await train('zipped', `${name}.gz`, 'kind', '--new', 'mlp');
  }
  const digest = async (version: string) => (await manifest(version)).files['model.onnx'].sha256;
  for (const version of ['again/1', 'lines/1', 'zipped/1', 'zipped/2'])
    expect(await digest(version)).toBe(await digest('colours/1'));
});

test('a column that hardly differs is left out, and that is said', async () => {
  const [names = '', ...rows] = (await readFile(file('rows.csv'), 'utf8')).split('\n');
  const still = rows.map((row, at) => `${at % 2 === 0 ? 1 : 1.0000001},${row}`);
  await writeFile(file('still.csv'), [`still,${names}`, ...still].join('\n'));
  await train('still', 'still.csv', 'kind', '--new', 'logistic');
  expect(wordsOf(error)).toContain('note: the last of its 12 passes was the best');
  expect(wordsOf(error)).toContain(
    "left out, as they are nearly the same in all rows to learn from: 'still'. Records still need them",
  );
  expect(wordsOf(error)).not.toContain('than version 1');
  await train('still', 'still.csv', 'kind', '--new', 'logistic', '--columns', 'x,y');
  expect(wordsOf(error)).toContain("note: version 2 has other columns than version 1 of 'still'");
  await rm(file('repository/still/2'), { recursive: true });
  const answers = await Promise.all(
    [1, 0, 1e6].map((value) =>
      inferItems({ name: 'still' }, [JSON.stringify({ still: value, x: 0.1, y: 0.1 })], usual()),
    ),
  );
  expect(answers[0]?.predictions[0]).toMatchObject([{ label: 'red' }, {}, {}]);
  for (const { predictions } of answers) expect(predictions).toEqual(answers[0]?.predictions);
});

test('a number is predicted, in its own scale', async () => {
  await train('numbers', 'rows.csv', 'y', '--new', 'linear', '--columns', 'x', '--json');
  const { metrics } = JSON.parse(wordsOf(log));
  expect(metrics.rmse.value).toBeGreaterThan(1);
  await train('numbers', 'rows.csv', 'y', '--new', 'mlp', '--columns', 'x', '--json');
  const { metrics: bent, outputs, version } = JSON.parse(wordsOf(log));
  expect(version).toBe(2);
  expect(outputs).toEqual([{ name: 'value', datatype: 'FP32', shape: [-1, 1] }]);
  expect(bent.rmse.value).toBeLessThan(0.8);
  expect(bent.r2.value).toBeGreaterThan(0.6);
  // A regression by one column has one number for its weight, and one for its bias.
  await train('numbers', 'rows.csv', 'x', '--new', 'linear', '--columns', 'y');
  await train('numbers', 'rows.csv', 'x');
  const [before, after] = await Promise.all(['3', '4'].map((at) => weightsOf(`numbers/${at}`)));
  expect([...(after?.keys() ?? [])].filter((name) => after?.get(name) !== before?.get(name))).toEqual([
    'weights_3',
    'bias_3',
  ]);
});

test('numbers far from 0 are measured as the version answers, which FP32 rounds', async () => {
  const rows = (offset: number) =>
    Array.from({ length: 100 }, (_row, at) => ({ a: at + offset, y: 1_764_550_000 + 60 * (at + offset) }));
  const table = (offset: number) => ['a,y', ...rows(offset).map(({ a, y }) => `${a},${y}`)].join('\n');
  await writeFile(file('times.csv'), table(0));
  await writeFile(file('later.csv'), table(0.5));
  await train('times', 'times.csv', 'y', '--new', 'linear', '--test', file('later.csv'), '--json');
  const { metrics } = JSON.parse(wordsOf(log));
  const later = rows(0.5);
  const { predictions } = await inferItems(
    { name: 'times' },
    later.map(({ a }) => JSON.stringify({ a })),
    usual(),
  );
  const off = later.map(({ y }, row) => Math.abs(y - Number((predictions as number[][])[row])));
  expect(metrics.mae.value).toBeCloseTo(off.reduce((sum, each) => sum + each, 0) / off.length, 6);
});

test('numbers that no weights can be fitted to are refused, in all parts of the rows', async () => {
  const lines = (far: readonly string[]) =>
    ['x,y', ...Array.from({ length: 60 }, (_row, at) => `${at},${far[at] ?? at / 4}`)].join('\n');
  await writeFile(file('far.csv'), lines(['0', '1e308', 'z', '1e39']));
  await expect(train('far', 'far.csv', 'y', '--new', 'linear')).rejects.toThrow(
    /row 2: 1e308 is too large for FP32; row 3: expected a number, got 'z'; row 4: 1e39 is too large for FP32/,
  );
  // One of the rows to stop by, so far off that its square is no number.
  await writeFile(file('far.csv'), lines([]).replace('\n59,14.75', '\n59,1e30'));
  await expect(train('far', 'far.csv', 'y', '--new', 'linear', '--seed', '7')).rejects.toThrow(
    'after no pass was the loss of the rows to stop by a number',
  );
});

test('rows of any number of labels are learned, served each for itself, and learned from again', async () => {
  const lines: string[] = [];
  for (let row = 0; row < 80; row += 1) {
    const [x, y] = [(row % 9) - 4, (row % 7) - 3];
    const labels = [...(x > 0 ? ['right'] : []), ...(y > 0 ? ['up'] : [])];
    lines.push(JSON.stringify({ x, y, kind: labels, left: x < 0 }));
  }
  await writeFile(file('labels.jsonl'), lines.join('\n'));
  const loss = { kind: 'binary-cross-entropy' };
  await writeFile(file('labels.json'), JSON.stringify({ loss, epochs: 60, learningRate: 0.05 }));
  const words = ['--columns', 'x,y', '--recipe', file('labels.json')];
  const places = ['--models', file('repository'), '--svg', file('curve.svg'), '--data', file('labels.jsonl')];
  const run = (...more: string[]) => trainCommand().parseAsync([...more, ...words, ...places], { from: 'user' });
  await run('sides', '--new', 'mlp', '--target', 'kind');
  const { made, metrics } = await manifest('sides/1');
  expect(made.report.classes).toEqual(['right', 'up']);
  expect(metrics.rows).toBe(16);
  for (const { value } of [metrics.accuracy, metrics.f1Micro]) expect(value).toBeGreaterThan(0.9);
  expect(made.report.metrics.kind).toBe('labels');
  const scores = async (name: string, item: string) => {
    const { predictions } = await inferItems({ name }, [item], usual());
    const told = predictions[0] as unknown as readonly { label: string; score: number }[];
    return Object.fromEntries(told.map(({ label, score }) => [label, Math.round(score)]));
  };
  expect(await scores('sides', '{"x": 3, "y": 3}')).toEqual({ right: 1, up: 1 });
  expect(await scores('sides', '{"x": -3, "y": -3}')).toEqual({ right: 0, up: 0 });
  await run('sides', '--target', 'kind');
  expect((await manifest('sides/2')).metrics.accuracy.value).toBeGreaterThan(0.9);
  expect(await scores('sides', '{"x": -3, "y": 3}')).toEqual({ right: 0, up: 1 });
  // It is known of the model, so that nobody has to say it again.
  await trainCommand().parseAsync(['sides', '--target', 'kind', '--columns', 'x,y', ...places], { from: 'user' });
  const further = await manifest('sides/3');
  expect(further.made).toMatchObject({ recipe: { loss }, report: { metrics: { kind: 'labels' } } });
  expect(await scores('sides', '{"x": 3, "y": 3}')).toEqual({ right: 1, up: 1 });

  await writeFile(file('no-labels.csv'), 'x,y,kind\n1,2,a\n1,3,\n');
  const bare = ['--data', file('no-labels.csv'), '--models', file('repository'), ...words];
  for (const way of [['bare', '--new', 'mlp'], ['sides']])
    await expect(trainCommand().parseAsync([...way, '--target', 'kind', ...bare], { from: 'user' })).rejects.toThrow(
      "(mend it, leave it out, or write '|' alone where a row has none of the labels): row 2: no value",
    );

  await run('left', '--new', 'logistic', '--target', 'left');
  expect((await manifest('left/1')).made.report.classes).toEqual(['left']);
  expect([await scores('left', '{"x": -3, "y": 1}'), await scores('left', '{"x": 3, "y": 1}')]).toEqual([
    { left: 1 },
    { left: 0 },
  ]);
  await expect(run('left', '--new', 'linear', '--target', 'left')).rejects.toThrow('--new linear predicts a number');
});

test('a small CNN takes columns for pixels', async () => {
  const random = seededRandom(6);
  const picture = (at: number) =>
    Array.from({ length: 16 }, (_pixel, place) => ((place % 4) % 2 === at % 2 ? 5 : 0) + Math.floor(4 * random()));
  const rows = Array.from({ length: 60 }, (_row, at) => [...picture(at), at / 100, at % 2].join(','));
  await writeFile(
    file('pixels.csv'),
    [[...picture(0).keys()].map((place) => `p${place}`).concat('n', 'odd'), ...rows].join('\n'),
  );
  await train('pixels', 'pixels.csv', 'odd', '--new', 'cnn', '--columns', 'p0..p15');
  expect((await manifest('pixels/1')).metrics.accuracy.value).toBe(1);
  await expect(train('pixels', 'pixels.csv', 'odd', '--new', 'cnn')).rejects.toThrow(
    'takes the columns of a table for the pixels of a grey, square picture, and 17 columns are none',
  );
});

test.each([
  [
    'x,y,kind\n1,2,a\n1,,b\nz,4,a',
    /2 rows cannot be learned from \(mend them, leave them out, or name .*--columns .*, with --head linear\)\): row 2: column 'y'.*got an empty field; row 3: column 'x'.*got 'z'$/,
  ],
  [
    'x,kind\n1,a\n2,\n,b\n1,b,c\n',
    /3 rows cannot be learned from \(mend them, or leave them out\): row 2: no value of 'kind'; row 3: .*; row 4/,
  ],
  ['x,kind\n1,a\nTrue,b', /\(mend it, leave it out, or write 1 and 0 for true and false\): row 2: .*got 'True'$/],
  [
    'x,kind\nNA,a\n-inf,b',
    /\(mend them, or leave them out\): row 1: column 'x': .*'NA', which is a missing value; row 2: .*'-inf'$/,
  ],
  ['x,y,kind\n1,2,a\n1,1e39,b', /: row 2: column 'y': 1e39 is too large for FP32$/],
  ['x,kind\n1,a\n2,a', /all 2 rows are 'a'/],
  [
    'x,y,kind\n1,2,a\n1,2,b\n1,2,a\n1,2,b\n',
    /^all columns \(2\) are nearly the same in all rows to learn from: there is nothing/,
  ],
  ['x;kind\n1;a', /has no column 'kind'; it has 'x;kind'. If ";" is between fields, write them with commas/],
  [',kind\n1,a\n2,b', /has no column but 'kind' to tell it by; .*left out, as pandas calls the numbers of rows so: ''/],
  ['x,sort\n1,a', /has no column 'kind'; it has 'x', 'sort'/],
  ['x,kind', /has no rows/],
  ['', /is empty: expected a first line that names the columns/],
])('%j is refused', async (text, message) => {
  await writeFile(file('bad.csv'), text);
  await expect(train('bad', 'bad.csv', 'kind', '--new', 'logistic')).rejects.toThrow(message);
});

test.each([
  ['[{"x": 1, "kind": "a"}, {"x": 2, "kind": "b"}]', /its first line is a list.*jq -c '\.\[\]'/],
  ['{\n"x": 1}', /its first line is no JSON object, and a row is a JSON object on one line/],
  ['', /is empty: expected a JSON object with fields on each line$/],
  ['{}\n{}', /is empty: expected a JSON object with fields on each line$/],
  [
    '{"x": NaN, "kind": "a"}\n{"x": null, "kind": "b"}\n{"x": "c", "kind": "b"}',
    /row 1: column 'x': expected a number, got NaN, which is a missing value; row 2: .*null, which is a missing value; row 3: column 'x': expected a number, got "c"$/,
  ],
  [
    '{"x": [1, 2], "kind": "a"}',
    /or write each number of a list .*: row 1: column 'x': expected a number, got a list$/,
  ],
  ['{"kind": "a"}\n{"kind": "b", "x": 1}\n{"kind": "b", "x": 2}', /row 1: the record has no field 'x'$/],
  ['{"x": 1}\n{"kind": "b", "x": 1}\n{"kind": "NaN", "x": 2}', /row 1: no value of 'kind'; row 3: no value of 'kind'$/],
])('lines of JSON: %j is refused', async (text, message) => {
  await writeFile(file('bad.jsonl'), text);
  await expect(train('bad', 'bad.jsonl', 'kind', '--new', 'logistic')).rejects.toThrow(message);
});

test('what only looks like a column is left out, which is said, unless --columns names it', async () => {
  const [names = '', ...rows] = (await readFile(file('rows.csv'), 'utf8')).split('\n');
  await writeFile(file('index.csv'), [`Unnamed: 0,${names}`, ...rows.map((row, at) => `${at},${row}`)].join('\n'));
  const columns = async (version: string) =>
    JSON.parse(await readFile(file(`repository/${version}/config.json`), 'utf8')).columns;
  await train('index', 'index.csv', 'kind', '--new', 'logistic');
  expect(wordsOf(error)).toContain("left out, as pandas calls the numbers of rows so: 'Unnamed: 0'");
  expect(await columns('index/1')).toEqual(['x', 'y']);
  await train('index', 'index.csv', 'kind', '--new', 'logistic', '--columns', 'Unnamed: 0,x');
  expect(wordsOf(error)).not.toContain('left out');
  expect(await columns('index/2')).toEqual(['Unnamed: 0', 'x']);

  const lines = (await readFile(file('rows.jsonl'), 'utf8')).split('\n');
  const [first = '', ...others] = lines;
  await writeFile(file('few.jsonl'), [first.replace('{', '{"z":1,'), ...others].join('\n'));
  await train('few', 'few.jsonl', 'kind', '--new', 'logistic');
  expect(wordsOf(error)).toContain(
    "few.jsonl: left out, as half of the rows or more have no such field: 'z' (row 1 has it)",
  );
  expect(await columns('few/1')).toEqual(['x', 'y']);
  await expect(train('few', 'few.jsonl', 'kind', '--new', 'logistic', '--columns', 'x,z')).rejects.toThrow(
    "59 rows cannot be learned from (mend them, or leave them out): row 2: the record has no field 'z'",
  );
  await expect(train('few', 'few.jsonl', 'kind', '--new', 'logistic', '--columns', 'x,x')).rejects.toThrow(
    "--columns: expected each column once, got 'x' twice",
  );
});

test('a stray among numbers is told by its row, and makes no classes of them', async () => {
  const [names, ...rows] = (await readFile(file('rows.csv'), 'utf8')).split('\n');
  const strayed = rows.map((row, at) => (at === 4 ? row.replace(/,[^,]*,/, ',NA,') : row));
  await writeFile(file('stray.csv'), [names, ...strayed].join('\n'));
  await expect(train('stray', 'stray.csv', 'y', '--new', 'mlp', '--columns', 'x')).rejects.toThrow(
    /have classes told, by --new logistic or a recipe with .*: row 5: expected a number, got 'NA'$/,
  );
});

test('a column of Parquet that is no number is refused with what to do', async () => {
  type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];
  const kinds: Column = { name: 'kind', data: ['a', 'b'], type: 'STRING' };
  for (const [column, advice] of [
    [{ name: 'flag', data: [true, false], type: 'BOOLEAN' }, /'flag' is BOOLEAN.*: write 1 and 0 for true and false$/],
    [
      { name: 'city', data: ['Bern', 'Rome'], type: 'STRING' },
      /'city' is BYTE_ARRAY.*name the columns that are numbers/,
    ],
    [
      { name: 'day', data: [new Date(0), new Date(1)], type: 'TIMESTAMP' },
      /'day' is INT64 \(TIMESTAMP.*\), and numbers are expected: write it as DOUBLE, or name the columns/,
    ],
  ] satisfies [Column, RegExp][]) {
    await writeFile(file('bad.parquet'), new Uint8Array(parquetWriteBuffer({ columnData: [column, kinds] })));
    await expect(train('bad', 'bad.parquet', 'kind', '--new', 'logistic')).rejects.toThrow(advice);
  }
  const columnData: Column[] = ['x', 'y'].map((name) => ({ name, data: [1, Number.NaN, 0], type: 'DOUBLE' }));
  await writeFile(file('bad.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })));
  await expect(train('bad', 'bad.parquet', 'y', '--new', 'mlp')).rejects.toThrow(": row 2: no value of 'y'");
  const gap: Column = { name: 'gap', data: [1, Number.NaN], type: 'DOUBLE' };
  await writeFile(file('bad.parquet'), new Uint8Array(parquetWriteBuffer({ columnData: [gap, kinds] })));
  await expect(train('bad', 'bad.parquet', 'kind', '--new', 'mlp')).rejects.toThrow(
    "row 2: column 'gap': expected a number, got NaN, which is a missing value",
  );
});

test('a file without columns is told to be empty, also where nobody names one', async () => {
  const places = ['--new', 'mlp', '--models', file('repository')];
  for (const [name, text, message] of [
    ['empty.jsonl', '', 'empty.jsonl is empty: expected a JSON object with fields on each line'],
    ['braces.jsonl', '{}\n{}\n', 'braces.jsonl is empty: expected a JSON object with fields on each line'],
    ['empty.csv', '', 'empty.csv is empty: expected a first line that names the columns'],
    ['header.csv', 'x,label\n', 'header.csv has no rows'],
  ] as const) {
    await writeFile(file(name), text);
    const run = trainCommand().parseAsync(['bad', '--data', file(name), ...places], { from: 'user' });
    await expect(run).rejects.toThrow(message);
  }
});

test('what is neither a file of rows nor a folder of pictures is refused, and a folder where it is of no use', async () => {
  await mkdir(file('loose/light'), { recursive: true });
  await mkdir(file('empty'));
  await writeFile(file('loose/light/1.png'), 'no picture');
  await writeFile(file('rows.npy'), '');
  const run = (...words: string[]) =>
    trainCommand().parseAsync([...words, '--models', file('repository')], { from: 'user' });
  for (const option of ['--target', '--columns']) {
    const named = run('bad', '--new', 'cnn', '--data', file('loose'), option, 'label');
    await expect(named).rejects.toBeInstanceOf(UsageError);
    await expect(named).rejects.toThrow(`expected no ${option} with ${file('loose')}: it is a folder, whose own`);
  }
  await expect(run('bad', '--new', 'cnn', '--data', file('empty'))).rejects.toThrow(
    `there is no file ${file('empty')}, nor a folder with files in it`,
  );
  await expect(run('bad', '--new', 'mlp', '--data', file('rows.npy'))).rejects.toThrow(
    /rows\.npy: expected a name that ends in \.csv, \.tsv, \.jsonl, \.csv\.gz, \.tsv\.gz, \.jsonl\.gz or \.parquet, or a folder of pictures$/,
  );
  await expect(run('colours', '--data', file('loose'))).rejects.toThrow(
    /loose is a folder, and .*model\.onnx takes no pictures: tabular-classification, as config\.json names TensorgateFor/,
  );
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp', '--test', file('loose'))).rejects.toThrow(
    'loose is a folder: expected a file of rows',
  );
});

test('columns that there are not, and the one that is to be told, are none to tell it by', async () => {
  const run = (columns: string) => train('bad', 'rows.csv', 'y', '--new', 'linear', '--columns', columns);
  await expect(run('x,z')).rejects.toThrow(/has no column 'z'; it has 'x', 'y', 'kind'$/);
  // It would be right in all rows.
  await expect(run('x,y')).rejects.toThrow("'y' is what is to be told: expected other columns to tell it by, got x, y");
});

test('where there is no GPU, one that is to train on it is refused, or the processor trains, to the same bytes, and that is said', async () => {
  const words = ['--new', 'mlp', '--execution-providers'];
  await expect(train('gpu', 'rows.csv', 'kind', ...words, 'cuda')).rejects.toThrow(
    /^it is to run on a GPU, and CUDA cannot be used: .*--execution-providers cuda,cpu/,
  );
  await expect(train('gpu', 'rows.csv', 'kind', ...words, 'cuda,cpu', '--workers', '2')).rejects.toThrow(
    'expected --execution-providers cpu with --workers 2, got cuda,cpu',
  );
  await train('gpu', 'rows.csv', 'kind', ...words, 'cuda,cpu');
  const note = 'it was trained on the processor: it is to run on a GPU, and CUDA cannot be used';
  expect(wordsOf(error)).toContain(note);
  const { files, made } = await manifest('gpu/1');
  expect(made.report.notes).toContainEqual(expect.stringContaining(note));
  expect(files['model.onnx'].sha256).toBe((await manifest('colours/1')).files['model.onnx'].sha256);
});

test('a training that is ended goes on where it was, and another one does not', async () => {
  const words = ['--new', 'mlp', '--checkpoints', file('checkpoints')];
  const { signal } = new AbortController();
  const recipe = { epochs: 12, hidden: [8], learningRate: 0.1 };
  const executionProviders = ['cpu'] as const;
  const options = {
    data: file('rows.csv'),
    target: 'kind',
    models: file('repository'),
    executionProviders,
    gpuDevice: 0,
    json: true,
  };
  let passes = 0;
  jest.spyOn(DirectoryObjectStore.prototype, 'replace').mockImplementation(async function (
    this: DirectoryObjectStore,
    key,
    content,
  ) {
    passes += 1;
    if (passes > 4) throw new Error('the machine is gone');
    await mkdir(file('checkpoints'), { recursive: true });
    await writeFile(file(`checkpoints/${key}`), content);
  });
  const ended = trainNew(
    'ended',
    'mlp',
    { ...options, checkpoints: file('checkpoints') },
    { recipe, scratch: folder, signal, cuda: undefined },
  );
  await expect(ended).rejects.toThrow('the machine is gone');
  jest.mocked(DirectoryObjectStore.prototype.replace).mockRestore();
  const another = train('ended', 'rows.csv', 'kind', ...words, '--columns', 'x', '--seed', '2');
  await expect(another).rejects.toThrow(
    /ended\.checkpoint is of another training, which differs in --columns, 'seed' of the recipe\. Remove it/,
  );
  await expect(train('ended', 'rows.jsonl', 'kind', ...words)).rejects.toThrow('which differs in the data. Remove it');
  const whole = await readFile(file('checkpoints/ended.checkpoint'));
  await writeFile(file('checkpoints/torn.checkpoint'), whole.subarray(0, whole.length - 1));
  await expect(train('torn', 'rows.csv', 'kind', ...words)).rejects.toThrow(
    /checkpoints\/torn\.checkpoint is no checkpoint of a training, or not all of one\. Remove it/,
  );
  await train('ended', 'rows.csv', 'kind', ...words);
  expect(wordsOf(error)).toContain('it goes on after pass 4');
  const digest = async (version: string) => (await manifest(version)).files['model.onnx'].sha256;
  expect(await digest('ended/1')).toBe(await digest('colours/1'));
  await train('ended', 'rows.csv', 'kind', ...words);
  expect(wordsOf(error)).not.toContain('goes on');
});

test('a training that could not be stored is kept until it is', async () => {
  const put = jest.spyOn(DirectoryModelStore.prototype, 'put').mockRejectedValueOnce(new Error('no space is left'));
  const words = ['--new', 'mlp', '--checkpoints', file('kept')];
  await expect(train('late', 'rows.csv', 'kind', ...words)).rejects.toThrow('no space is left');
  put.mockRestore();
  expect(await readdir(file('kept'))).toEqual(['late.checkpoint']);
  await train('late', 'rows.csv', 'kind', ...words);
  expect(wordsOf(error)).toContain('it goes on after pass 12');
  expect(await readdir(file('kept'))).toEqual([]);
  const digest = async (version: string) => (await manifest(version)).files['model.onnx'].sha256;
  expect(await digest('late/1')).toBe(await digest('colours/1'));
});

test('a version counts whose checkpoint cannot be let go of', async () => {
  const remove = jest.spyOn(DirectoryObjectStore.prototype, 'remove').mockRejectedValue(new Error('it is read-only'));
  await train('held', 'rows.csv', 'kind', '--new', 'mlp', '--checkpoints', file('held'), '--json');
  remove.mockRestore();
  expect(wordsOf(error)).toContain(
    'note: it is stored, and its checkpoint could not be removed, which you may do: it is read-only',
  );
  expect(JSON.parse(wordsOf(log))).toMatchObject({ version: 1 });
});

test('a folder of pictures makes a CNN; a head is put on it, and it goes on learning', async () => {
  const encode = await openPictureEncoder();
  const random = seededRandom(8);
  for (const [at, kind] of Array.from(
    { length: 40 },
    (_picture, place) => [place, place % 2 === 0 ? 'dark' : 'light'] as const,
  )) {
    const pixels = Uint8Array.from(
      { length: 8 * 8 * 3 },
      () => (kind === 'light' ? 150 : 0) + Math.floor(100 * random()),
    );
    const image = await encode({ width: 8, height: 8, channels: 3, pixels });
    await mkdir(file(`pictures/${kind}`), { recursive: true });
    await writeFile(file(`pictures/${kind}/${at}.png`), Buffer.from(image, 'base64'));
  }
  await writeFile(file('pictures/README.txt'), 'no picture');
  await writeFile(file('pictures/loose.png'), 'in no folder');
  await mkdir(file('pictures/other'));
  await writeFile(file('pictures/other/1.gif'), 'of another format');
  await writeFile(file('cnn.json'), JSON.stringify({ epochs: 8, hidden: [4], learningRate: 0.05, pictureSide: 8 }));
  await writeFile(file('others.json'), JSON.stringify({ epochs: 8, learningRate: 0.05 }));
  const places = ['--models', file('repository'), '--svg', file('curve.svg')];
  const run = (...words: string[]) => {
    const recipe = file(words.includes('cnn') ? 'cnn.json' : 'others.json');
    return trainCommand().parseAsync([...words, '--data', file('pictures'), ...places, '--recipe', recipe], {
      from: 'user',
    });
  };
  await run('shades', '--new', 'cnn');
  const left = `${file('pictures')}: left out: 'loose.png', in no folder of a class; the folder 'other', in which is no`;
  expect(wordsOf(error)).toContain(`note: ${left} JPEG, PNG or WebP picture`);
  const shades = await manifest('shades/1');
  expect(Object.keys(shades.files)).toEqual(['config.json', 'model.onnx', 'preprocessor_config.json', 'samples.jsonl']);
  expect(shades.metrics.accuracy.value).toBe(1);
  const { predictions } = await inferItems({ name: 'shades' }, [file('pictures/light/1.png')], usual());
  expect(predictions[0]).toMatchObject([{ label: 'light' }, { label: 'dark' }]);
  await run('shades', '--head', 'linear', '--name', 'headed');
  const headed = await manifest('headed/1');
  expect(headed.made).toMatchObject({
    source: { name: 'shades@1' },
    passes: ['a linear head'],
    report: { classes: ['dark', 'light'] },
  });
  expect(headed.metrics.accuracy.value).toBe(1);
  await run('shades');
  const further = await manifest('shades/2');
  expect(further.made).toMatchObject({ source: { name: 'shades@1' }, passes: ['further training'] });
  expect(further.files['model.onnx'].sha256).not.toBe(shades.files['model.onnx'].sha256);
  await expect(run('shades', '--new', 'mlp', '--head', 'mlp')).rejects.toThrow('got --new and --head');
  for (const at of [2, 4]) await writeFile(file(`pictures/dark/${at}.png`), `no picture ${at}`);
  await expect(run('shades', '--new', 'cnn')).rejects.toThrow(
    /2 rows cannot .*row \d+: dark\/2\.png: expected a JPEG.*; row \d+: dark\/4\.png: expected/,
  );
});

test('a table goes on being learned from, but for what is frozen, by the classes that the model has', async () => {
  await writeFile(file('recipe.json'), JSON.stringify({ epochs: 3, learningRate: 0.01 }));
  await train('colours', 'rows.jsonl', 'kind', '--freeze', 'weights_3');
  const [before, after] = [await weightsOf('colours/1'), await weightsOf('colours/2')];
  const changed = [...after.keys()].filter((name) => after.get(name) !== before.get(name));
  expect(changed).toEqual(['bias_3', 'weights_5', 'bias_5']);
  await expect(train('colours', 'rows.jsonl', 'kind', '--freeze', 'weights_3', 'weight_5')).rejects.toThrow(
    /no weight of the model is called 'weight_5'; it learns by weights_3, bias_3, weights_5, bias_5$/,
  );
  const mistyped = train('colours', 'rows.jsonl', 'kind', '--freeze', 'weight_5');
  await expect(mistyped).rejects.toBeInstanceOf(UsageError);
  await expect(train('colours', 'rows.jsonl', 'kind', '--freeze', '*')).rejects.toThrow(
    /got none: freeze fewer of them, or have a head learn from what the model gives$/,
  );
  const both = train('colours', 'rows.jsonl', 'kind', '--freeze', 'weights_3', '--head', 'linear');
  await expect(both).rejects.toBeInstanceOf(UsageError);
  await writeFile(file('other.csv'), 'x,y,kind\n1,2,red\n1,3,violet\n');
  await expect(train('colours', 'other.csv', 'kind')).rejects.toThrow(
    "row 2: 'violet' is none of the 3 classes (blue, green, red)",
  );
});

test('conversations put a head on a model that gives vectors, by options in place of a recipe; a language model is refused', async () => {
  const encoder = buildOnnx({
    inputs: [{ name: 'input_ids', datatype: 'INT64', shape: ['N', 'T'] }],
    outputs: [{ name: 'last_hidden_state', datatype: 'FP32', shape: ['N', 'T', 2] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['last_hidden_state'] }],
    initializers: [
      // The tokens <unk>, <s>, </s>, a and b.
      {
        name: 'table',
        datatype: 'FP32',
        shape: [5, 2],
        data: new Uint8Array(Float32Array.of(0, 0, 0, 0, 0, 0, -3, 0, 0, 4).buffer),
      },
    ],
  });
  const config = { architectures: ['BertModel'], model_type: 'bert', hidden_size: 2 };
  const store = async (name: string, what: object) => {
    await mkdir(file(`repository/${name}/1`), { recursive: true });
    await writeFile(file(`repository/${name}/1/model.onnx`), encoder);
    await writeFile(file(`repository/${name}/1/config.json`), JSON.stringify(what));
    await writeFile(file(`repository/${name}/1/tokenizer.json`), JSON.stringify(wordTokenizer));
  };
  await store('encoder', config);
  await store('story', { ...config, architectures: ['LlamaForCausalLM'] });
  const chat = (text: unknown, label: string) => ({
    messages: [
      { role: 'system', content: 'Say which it is.' },
      { role: 'user', content: text },
      { role: 'assistant', content: label },
    ],
  });
  const rows = Array.from({ length: 40 }, (_row, at) => {
    const text = `${at % 2 === 0 ? 'a' : 'b'} x${at}`;
    return chat(at % 3 === 0 ? [{ type: 'text', text }] : text, at % 2 === 0 ? 'first' : 'second');
  });
  const lines = (all: readonly object[]) => all.map((row) => JSON.stringify(row)).join('\n');
  await writeFile(file('chats.jsonl'), lines(rows));
  const how = ['--epochs', '30', '--batch-rows', '8', '--learning-rate-multiplier', '30', '--seed', '5'];
  const places = ['--models', file('repository'), '--svg', file('curve.svg')];
  const run = (name: string, data: string, ...more: string[]) =>
    trainCommand().parseAsync([name, '--data', file(data), ...more, ...places], { from: 'user' });
  error.mockClear();
  await run('encoder', 'chats.jsonl', '--name', 'sorted', ...how);
  expect(wordsOf(error)).toContain('note: encoder@1 gives vectors, and stays as it is: a network learns from them');
  const { made, metrics } = await manifest('sorted/1');
  expect(made).toMatchObject({
    passes: ['a linear head'],
    seed: 5,
    recipe: { epochs: 30, batchRows: 8, learningRate: { rate: 0.03 } },
    report: { classes: ['first', 'second'] },
  });
  expect(metrics.accuracy.value).toBe(1);
  if (!process.stderr.isTTY) expect(wordsOf(error)).toMatch(/^pass 1 of 30 at most: loss [\d.]+, of rows to stop by/m);
  const { predictions } = await inferItems({ name: 'sorted' }, ['b new'], usual());
  expect(predictions[0]).toMatchObject([{ label: 'second' }, { label: 'first' }]);

  await writeFile(file('chats.jsonl.gz'), gzipSync(lines(rows)));
  await run('encoder', 'chats.jsonl.gz', '--name', 'zipped-chats', ...how);
  expect((await manifest('zipped-chats/1')).files['model.onnx']).toEqual(
    (await manifest('sorted/1')).files['model.onnx'],
  );

  // A prompt stands before texts where the model gives vectors, and not where the head's classes are told.
  const prompts = { prompts: { query: 'b b b ' }, default_prompt_name: 'query' };
  await store('prompted', config);
  await writeFile(file('repository/prompted/1/config_sentence_transformers.json'), JSON.stringify(prompts));
  await run('prompted', 'chats.jsonl', '--name', 'unprompted', ...how);
  expect((await manifest('unprompted/1')).files['model.onnx']).toEqual(
    (await manifest('sorted/1')).files['model.onnx'],
  );

  // All of it goes on learning, its words too, but for what is frozen.
  await run('sorted', 'chats.jsonl', '--epochs', '1');
  await run('sorted', 'chats.jsonl', '--epochs', '1', '--freeze', 'table');
  const [head, further, left] = await Promise.all([1, 2, 3].map((version) => weightsOf(`sorted/${version}`)));
  expect(further?.get('table')).not.toBe(head?.get('table'));
  expect(left?.get('table')).toBe(further?.get('table'));

  // The same rows in the forms of plain texts: nobody has to say which column it is.
  const texts = rows.map(({ messages }, at) => ({
    prompt: `${at % 2 === 0 ? 'a' : 'b'} x${at}`,
    completion: messages[2]?.content,
  }));
  await writeFile(file('prompts.jsonl'), lines(texts));
  await run('encoder', 'prompts.jsonl', '--name', 'sorted', ...how);
  expect((await manifest('sorted/4')).files['model.onnx'].sha256).toBe(
    (await manifest('sorted/1')).files['model.onnx'].sha256,
  );

  // The label's own text would be right in all rows.
  const columns = (names: string) => run('encoder', 'prompts.jsonl', '--name', 'leak', '--columns', names, ...how);
  await expect(columns('completion')).rejects.toThrow("'completion' is what is to be told: expected other columns");
  await writeFile(file('wide.jsonl'), lines(texts.map((text) => ({ ...text, more: 'c' }))));
  await expect(run('encoder', 'wide.jsonl', '--columns', 'prompt,more')).rejects.toThrow(
    'say by --columns which one column has the texts: prompt, more',
  );
  await writeFile(file('blank.jsonl'), lines([{ prompt: ' ', completion: 'first' }, ...texts]));
  await expect(run('encoder', 'blank.jsonl')).rejects.toThrow(/mend it, or leave it out\): row 1: there is no text$/);

  // Vectors of another model, whose directions a head learns to give.
  const vectors = rows.map((_row, at) => ({
    text: `${at % 2 === 0 ? 'a' : 'b'} x${at}`,
    vector: at % 2 === 0 ? [0, 2, 0] : [3, 0, -3],
  }));
  await writeFile(file('vectors.jsonl'), lines(vectors));
  await writeFile(file('cosine.json'), JSON.stringify({ loss: { kind: 'cosine' } }));
  const cosine = ['--target', 'vector', '--recipe', file('cosine.json')];
  await run('encoder', 'vectors.jsonl', '--head', 'linear', '--name', 'turned', ...cosine, ...how);
  const turned = await manifest('turned/1');
  expect(turned.metrics).toMatchObject({ rows: 8, cosine: { value: expect.closeTo(1, 2) } });
  const given = await inferItems({ name: 'turned' }, ['a new', 'b new'], usual());
  const [up, across] = given.predictions as unknown as readonly (readonly number[])[];
  expect(up?.[1]).toBeCloseTo(1, 1);
  expect(across?.[2]).toBeCloseTo(-Math.SQRT1_2, 1);
  await expect(run('blank', 'rows.jsonl', '--new', 'mlp', ...cosine)).rejects.toThrow(
    'the loss cosine is of vectors, which a head gives, and --new mlp none: expected --head linear or --head mlp',
  );

  await expect(run('story', 'chats.jsonl')).rejects.toThrow('a language model is not fine-tuned here');
  await expect(run('colours', 'chats.jsonl')).rejects.toThrow('takes no texts');
  await expect(run('blank', 'chats.jsonl', '--new', 'mlp')).rejects.toThrow('a new network takes a table of numbers');
  await expect(run('encoder', 'rows.jsonl')).rejects.toThrow(
    "has none of the columns messages, label, completion: say by --target which column it is to tell; it has 'kind', 'x', 'y'",
  );
  await expect(run('encoder', 'none.jsonl')).rejects.toThrow('there is no file');
  const [good = {}] = rows;
  const bad = [good, { messages: [] }, { messages: [{ role: 'user', content: 'a' }] }, { text: 'a' }];
  await writeFile(file('bad.jsonl'), `${lines(bad)}\n{"messages": [\n${lines([chat(' ', 'b')])}`);
  await expect(run('encoder', 'bad.jsonl')).rejects.toThrow(
    /5 rows cannot be .*row 2: there is no text of a user; row 3: there is no text of the assistant.*; row 4: expected messages, got nothing; row 5: the JSON does not parse; row 6: there is no text of a user$/,
  );
});

test('a file is told now and then how many rows a model has answered', () => {
  if (process.stderr.isTTY) return;
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  error.mockClear();
  const progress = new SampleProgress(5000);
  progress.next('minilm@1');
  for (let row = 1; row <= 2500; row += 1) {
    now += 10;
    progress.answered();
  }
  progress.stop();
  clock.mockRestore();
  expect(wordsOf(error)).toBe('1,000 of 5,000 samples · minilm@1\n2,000 of 5,000 samples · minilm@1');
});

test('of a model without weights that could learn, that is told, and not what its rows have wrong', async () => {
  const features = { name: 'features', datatype: 'FP32' as const, shape: ['N', 2] };
  const value = { name: 'value', datatype: 'FP32' as const, shape: ['N', 2] };
  const scaler = { op: 'Scaler', inputs: ['features'], outputs: ['value'], domain: 'ai.onnx.ml' };
  const attributes = { offset: { floats: [0, 0] }, scale: { floats: [1, 1] } };
  await mkdir(file('scaler'), { recursive: true });
  await writeFile(
    file('scaler/model.onnx'),
    buildOnnx({ inputs: [features], outputs: [value], nodes: [{ ...scaler, attributes }] }),
  );
  await expect(train(file('scaler'), 'rows.csv', 'kind', '--name', 'scaler')).rejects.toThrow(
    'what the model learned is in ai.onnx.ml.Scaler, which no gradient changes',
  );
});

test('what a recipe has of other networks is refused', async () => {
  const filled = (given: object, kind: Parameters<typeof fillRecipe>[1]) => () => fillRecipe(given, kind);
  for (const [kind, words] of Object.entries({ logistic: '--new logistic', head: '--head linear', whole: 'a whole' }))
    expect(filled({ hidden: [64] }, kind as 'head')).toThrow(
      `recipe: 'hidden' is of --new mlp or --head mlp or --new cnn, and ${words}`,
    );
  expect(filled({ loss: { kind: 'cross-entropy' } }, 'linear')).toThrow(
    'recipe: --new linear predicts a number, and the loss cross-entropy does not: expected mean-squared-error, or --new logistic or --new mlp',
  );
  expect(filled({ loss: { kind: 'mean-squared-error' } }, 'logistic')).toThrow('--new logistic tells classes, and');
  expect(filled({ loss: { kind: 'mean-squared-error' } }, 'head')().loss).toEqual({ kind: 'mean-squared-error' });
  expect(filled({ pictureSide: 8 }, 'mlp')).toThrow("'pictureSide' is of --new cnn, and --new mlp has none");
  expect(filled({ hidden: [64] }, 'mlp')().hidden).toEqual([64]);
  expect(filled({}, 'mlpHead')()).toMatchObject({ hidden: [256], learningRate: { rate: 0.0005 } });
});

test('a model that was measured by few rows says what that tells, and is stored', async () => {
  await writeFile(file('four.csv'), 'x,y,kind\n1,2,a\n2,3,b\n3,4,a\n5,1,b\n');
  await train('four', 'four.csv', 'kind', '--new', 'logistic');
  const note =
    'it learned from 3 rows and was measured by 1 row alone: its accuracy may be anything from 0.0 % to 79.3 %';
  expect(wordsOf(error)).toContain(`note: ${note}`);
  expect((await manifest('four/1')).made.report.notes).toContainEqual(expect.stringContaining(note));
});

test('a model that was measured by nothing says so', async () => {
  await writeFile(file('recipe.json'), JSON.stringify({ epochs: 1, split: { validation: 0, test: 0 } }));
  await train('unmeasured', 'rows.csv', 'kind', '--new', 'mlp');
  const told = wordsOf(error);
  expect(told).toContain("note: no rows were held back to measure it by ('split' of a recipe says how many)");
  expect(told).toContain('its samples.jsonl has rows that it learned from');
});

test.each([
  ['bad name', [], /^'bad name' is invalid: 'bad name' is no model name: expected letters/],
  ['a@b', [], /^'a@b' is invalid: Expected a whole number from 1 on/],
  ['../a', [], /'..\/a' is no model name/],
  ['fine', ['--models', 'rows.csv/models'], /nothing can be stored in '.*models': '.*rows\.csv' is no folder/],
  ['fine', ['--models', '/proc/none'], /nothing can be stored in '\/proc\/none': /],
  ['fine', ['--checkpoints', 'rows.csv'], /nothing can be stored in '.*rows\.csv': '.*rows\.csv' is no folder/],
])('%s with %j could not be stored, which is told before the data is read', async (name, options, message) => {
  const places = options.map((word) => (/^[a-z]/.test(word) ? file(word) : word));
  const words = [name, '--new', 'mlp', '--data', file('none.csv'), '--models', file('repository'), ...places];
  await expect(trainCommand().parseAsync(words, { from: 'user' })).rejects.toThrow(message);
});

test.each([
  ['rows.csv/curve.svg', 'There is no folder'],
  ['none/curve.svg', 'There is no folder'],
  ['curve.png', 'Expected a name that ends in .svg'],
])('nothing is drawn in %s, which is told at once', async (svg, message) => {
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const command = trainCommand().exitOverride();
  const words = ['fine', '--new', 'mlp', '--data', file('none.csv'), '--svg', file(svg)];
  await expect(command.parseAsync(words, { from: 'user' })).rejects.toThrow(message);
  told.mockRestore();
});

test('a new network gets the number that its name has, once', async () => {
  await train('numbered@3', 'rows.csv', 'kind', '--new', 'mlp');
  expect((await manifest('numbered/3')).version).toBe(3);
  await expect(train('numbered@3', 'none.csv', 'kind', '--new', 'mlp')).rejects.toThrow('exists already');
  await writeFile(file('repository/numbered/aliases.json'), '{"$versions": {"4": {"deleted": true}}}');
  await expect(train('numbered@4', 'none.csv', 'kind', '--new', 'mlp')).rejects.toThrow('was deleted');
});

test('a recipe with a mistake is told what was meant', async () => {
  const usual = file('recipe.json');
  await writeFile(usual, JSON.stringify({ epoch: 3 }));
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow("'epochs'");
  await writeFile(usual, JSON.stringify({ optimizer: { kind: 'adamax' } }));
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow('sgd, adam, adamw');
  await writeFile(usual, JSON.stringify({ split: { test: 0.6, validation: 0.5 } }));
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow('nothing is left to train with');
  for (const [learningRate, words] of [
    [{ rate: 1, decay: { kind: 'linear' } }, /'learningRate\.decay\.kind': .*\(step, cosine\), got "linear"$/],
    [{ rate: 1, decay: { kind: 'cosine' } }, /'learningRate\.decay': .*'steps', got/],
    ['fast', /'learningRate': must be number, got "fast"$/],
    [0, /'learningRate': must be > 0, got 0$/],
  ] as const) {
    await writeFile(usual, JSON.stringify({ learningRate }));
    await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow(words);
  }
  await writeFile(usual, JSON.stringify({ lr: 1 }));
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow(
    /unknown key 'lr'; the keys are .*learningRate/,
  );
  await writeFile(usual, JSON.stringify({ loss: { kind: 'cross-entropy', classWeights: [1, 2] } }));
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow(
    "recipe: 'loss.classWeights': expected a weight for each of 3 classes, in the order of their names, got 2",
  );
  await writeFile(usual, JSON.stringify({ optimizer: { kind: 'sgd', nesterov: true } }));
  await expect(train('bad', 'rows.csv', 'kind', '--new', 'mlp')).rejects.toThrow('expected a momentum above 0');
});

test('the schedule of a recipe is the one that steps are taken by', async () => {
  const ratesOf = async (decay: object) => {
    const text = JSON.stringify({ learningRate: { rate: 1, warmUpSteps: 2, decay } });
    const { learningRate: schedule } = fillRecipe(await readRecipe(text, 'recipe.json'), 'mlp');
    return [0, 1, 2, 3, 4].map((step) => learningRate(schedule, step));
  };
  expect(await ratesOf({ kind: 'step', everySteps: 1, factor: 0.5 })).toEqual([0.5, 1, 1, 0.5, 0.25]);
  expect((await ratesOf({ kind: 'cosine', steps: 2 })).map((rate) => Number(rate.toFixed(9)))).toEqual([
    0.5, 1, 1, 0.5, 0,
  ]);
});

test('the schema of recipes is the published one', async () => {
  expect(JSON.parse(await readFile('docs/recipe.schema.json', 'utf8'))).toEqual(recipeSchema);
});
