import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

// Real models and data with known answers, in each format that a job reads.
const shared = '../shared/testdata';
const models = {
  'iris-tensor': 'iris/iris-tensor.onnx',
  'iris-columns': 'iris/iris-columns.onnx',
  'digits-mlp': 'digits/digits-mlp.onnx',
  'banking77-tfidf': 'banking77-tfidf/banking77-tfidf.onnx',
  mobilenet: 'mobilenet-v2-int8/model.onnx',
  pictures: 'mobilenet-v2-int8/model.onnx',
  questions: 'banking77-tfidf/banking77-tfidf.onnx',
  flowers: 'iris/iris-columns.onnx',
  speech: 'silero-vad/model.onnx',
};
/** What those do that take items in place of tensors. */
const tasks = {
  pictures: { task: 'image-classification', labels: { scores: 'labels.txt' } },
  questions: { task: 'text-classification' },
  flowers: { task: 'tabular-classification' },
  speech: { task: 'voice-activity-detection' },
};
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formats-'));
  for (const [name, file] of Object.entries(models)) {
    await mkdir(join(folder, 'models', name, '1'), { recursive: true });
    await copyFile(join(shared, file), join(folder, 'models', name, '1/model.onnx'));
  }
  for (const [name, config] of Object.entries(tasks))
    await writeFile(join(folder, 'models', name, 'model.json'), JSON.stringify(config));
  await copyFile(join(shared, 'mobilenet-v2-int8/labels.txt'), join(folder, 'models/pictures/1/labels.txt'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Answer {
  readonly [name: string]: unknown;
}

const data = (name: string) => join(shared, 'data', name);
let jobs = 0;

/** Runs a job and gives its folder of results. */
async function job(model: string, file: string, options: readonly string[] = []): Promise<string> {
  jobs += 1;
  const out = join(folder, `out-${jobs}`);
  const where = ['--models', join(folder, 'models'), '-o', out];
  await run('node', ['cli/tensorgate.js', 'batch', model, file, ...where, ...options]);
  return out;
}

async function answers(out: string): Promise<readonly Answer[]> {
  const lines = (await readFile(join(out, 'part-00000.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Answer);
}

async function known(name: string) {
  return JSON.parse(await readFile(join(shared, name), 'utf8'));
}

const labels = (found: readonly Answer[], name = 'label') => found.map((answer) => answer[name]);

describe('banking77-test.csv', () => {
  test('gives the known labels, and the same under gzip', async () => {
    const plain = await answers(await job('banking77-tfidf', data('banking77-test.csv'), ['--keep', 'category']));
    expect(plain).toHaveLength(3080);
    // The README of the data says 0.900.
    const right = plain.filter(({ label, category }) => label === category).length / plain.length;
    expect(right).toBeCloseTo(0.9, 2);
    const sample = (await readFile(data('banking77-sample.jsonl'), 'utf8')).trimEnd().split('\n');
    for (const line of sample) {
      const { id, tfidf_answer } = JSON.parse(line) as { id: string; tfidf_answer: string };
      expect([id, plain[Number(id.slice('row-'.length))]?.label]).toEqual([id, tfidf_answer]);
    }
    const zipped = join(folder, 'test.csv.gz');
    await writeFile(zipped, gzipSync(await readFile(data('banking77-test.csv'))));
    expect(await answers(await job('banking77-tfidf', zipped, ['--keep', 'category']))).toEqual(plain);
  }, 60_000);
});

describe('iris.csv', () => {
  test('fills a vector, or an input a column, by mappings', async () => {
    const fields = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
    const tensor = await answers(await job('iris-tensor', data('iris.csv'), ['--map', `X=${fields}`]));
    const columns = await answers(await job('iris-columns', data('iris.csv'), ['--keep', 'species']));
    expect(labels(tensor)).toEqual(labels(columns));
    const right = columns.filter(({ label, species }) => label === species).length;
    expect(right / columns.length).toBeGreaterThan(0.9);
    const { feeds, results } = await known('iris/iris-tensor.expected.json');
    const rows = (await readFile(data('iris.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    for (const [index, feed] of (feeds.X as number[][]).entries()) {
      const row = rows.findIndex((line) => line.split(',').slice(0, 4).map(Number).join() === feed.join());
      if (row >= 0) expect(tensor[row]?.label).toEqual(results.label[index]);
    }
  }, 60_000);
});

describe('digits.csv', () => {
  test('is answered alike as CSV, as NPY and as Parquet', async () => {
    const rows = (await readFile(data('digits.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    const numbers = rows.map((row) => row.split(',').map(Number));
    const pixels = numbers.map((row) => row.slice(0, 64));
    const csv = await answers(await job('digits-mlp', data('digits.csv'), ['--map', 'X=p0..p63', '--keep', 'digit']));
    expect(csv.filter(({ label, digit }) => label === Number(digit)).length / csv.length).toBeGreaterThan(0.929);

    const array = join(folder, 'digits.npy');
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${pixels.length}, 64), }`.padEnd(117);
    const floats = Buffer.from(Float32Array.from(pixels.flat()).buffer);
    await writeFile(
      array,
      Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header}\n`), floats]),
    );
    const npy = await answers(await job('digits-mlp', array));
    expect(labels(npy)).toEqual(labels(csv));

    const parquet = join(folder, 'digits.parquet');
    const element = { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' } as const;
    const columnData = [
      { name: 'digit', data: numbers.map((row) => row[64] as number) },
      { name: 'X', data: pixels },
    ];
    const schema = [
      { name: 'root', num_children: 2 },
      { name: 'digit', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'X', num_children: 1, repetition_type: 'REQUIRED', converted_type: 'LIST' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      element,
    ] as const;
    await writeFile(parquet, Buffer.from(parquetWriteBuffer({ columnData, schema: [...schema], rowGroupSize: 500 })));
    const out = await job('digits-mlp', parquet, ['--keep', 'digit']);
    const part = await asyncBufferFromFile(join(out, 'part-00000.parquet'));
    const found = (await parquetReadObjects({ file: part })) as Answer[];
    expect(found.map(({ label }) => Number(label))).toEqual(labels(csv));
    expect(found.map(({ digit }) => digit)).toEqual(numbers.map((row) => row[64]));
    expect(found[0]?.probabilities).toEqual(((csv[0] as Answer).probabilities as number[]).map(Math.fround));
  }, 60_000);
});

describe('pictures', () => {
  test('have the best class that Python found, and its score', async () => {
    const { cases } = await known('mobilenet-v2-int8/expected.json');
    const pictures = cases as readonly { file: string; top5: readonly { class: number; score: number }[] }[];
    await mkdir(join(folder, 'pictures'));
    for (const { file } of pictures) await copyFile(join(shared, 'images', file), join(folder, 'pictures', file));
    const manifest = join(folder, 'pictures.manifest.json');
    await writeFile(manifest, JSON.stringify({ files: pictures.map(({ file }) => `pictures/${file}`) }));
    const found = await answers(await job('mobilenet', manifest));
    for (const [index, { file, top5 }] of pictures.entries()) {
      const scores = (found[index] as Answer).scores as number[];
      const [best] = top5 as [{ class: number; score: number }];
      expect([file, scores.indexOf(Math.max(...scores))]).toEqual([file, best.class]);
      expect(scores[best.class]).toBeCloseTo(best.score, 5);
    }
  }, 60_000);
});

describe('models with a task', () => {
  interface Predicted {
    readonly prediction: readonly { readonly label: string; readonly score: number }[];
  }
  const firsts = (found: readonly Answer[]) =>
    (found as unknown as Predicted[]).map((each) => each.prediction[0]?.label);

  test('make a table of labels of a folder of pictures', async () => {
    const { cases } = await known('mobilenet-v2-int8/expected.json');
    await mkdir(join(folder, 'shown'));
    for (const { file } of cases) await copyFile(join(shared, 'images', file), join(folder, 'shown', file));
    await writeFile(join(folder, 'shown.manifest.json'), '{"prefix": "shown/"}');
    const found = await answers(await job('pictures', join(folder, 'shown.manifest.json')));
    const best = new Map(found.map(({ file }, index) => [file, firsts(found)[index]]));
    for (const { file, top5 } of cases) expect([file, best.get(`shown/${file}`)]).toEqual([file, top5[0].label]);
  }, 60_000);

  test('label questions of CSV, and flowers by their columns', async () => {
    const plain = await answers(await job('banking77-tfidf', data('banking77-test.csv')));
    const questions = await answers(await job('questions', data('banking77-test.csv'), ['--keep', 'category']));
    expect(firsts(questions)).toEqual(labels(plain));
    const flowers = await answers(await job('flowers', data('iris.csv'), ['--keep', 'species']));
    expect(firsts(flowers)).toEqual(labels(await answers(await job('iris-columns', data('iris.csv')))));
  }, 60_000);

  test('find speech in recordings', async () => {
    const { rates } = await known('silero-vad/expected.json');
    await copyFile(join(shared, 'silero-vad/speech-16k.wav'), join(folder, 'a.wav'));
    await writeFile(join(folder, 'sound.manifest.json'), '{"files": ["a.wav"]}');
    const [found] = await answers(await job('speech', join(folder, 'sound.manifest.json')));
    const { probabilities } = (found as Answer).prediction as { readonly probabilities: readonly number[] };
    const expected: readonly number[] = rates['16000'].speech_probability;
    for (const [index, probability] of expected.entries()) expect(probabilities[index]).toBeCloseTo(probability, 3);
  }, 60_000);
});
