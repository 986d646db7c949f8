import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { trainCommand } from '../../cli/train.ts';
import { openPictureEncoder } from '../../src/adapters/file-decoding/open-picture-encoder.ts';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import { serviceOver } from '../fakes/service-over.ts';

jest.setTimeout(600_000);

const testdata = join(import.meta.dirname, '../../../shared/testdata');
const data = (name: string) => join(testdata, 'data', name);
let folder: string;
const file = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-training-'));
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => rm(folder, { recursive: true }));

async function trained(name: string, model: string, ...words: string[]) {
  const places = ['--models', folder, '--svg', join(folder, `${name}.svg`)];
  await trainCommand().parseAsync([model, ...words, ...places], { from: 'user' });
  return JSON.parse(await readFile(join(folder, name, '1', 'manifest.json'), 'utf8'));
}

describe('digits', () => {
  const words = ['--data', data('digits.csv'), '--target', 'digit'];

  test('by an MLP: 97 % of the rows that it did not learn from, and the same bytes each time', async () => {
    const { metrics, files } = await trained('digits', 'digits', '--new', 'mlp', ...words);
    expect(metrics.rows).toBe(359);
    expect(metrics.accuracy.value).toBeGreaterThanOrEqual(0.97);
    const again = await trained('again', 'again', '--new', 'mlp', ...words);
    expect(again.files['model.onnx']).toEqual(files['model.onnx']);
  });

  test('by a small CNN that takes their pixels for a picture, whose integrated gradients add up within 0.1 %', async () => {
    const [head = '', ...lines] = (await readFile(data('digits.csv'), 'utf8')).trim().split('\n');
    const held = lines.filter((_line, row) => row % 5 === 0);
    const put = (name: string, rows: readonly string[]) => writeFile(join(folder, name), [head, ...rows].join('\n'));
    await put(
      'learned.csv',
      lines.filter((_line, row) => row % 5 !== 0),
    );
    await put('held.csv', held);
    const files = ['--data', join(folder, 'learned.csv'), '--test', join(folder, 'held.csv'), '--target', 'digit'];
    const { metrics } = await trained('pixels', 'pixels', '--new', 'cnn', ...files);
    expect(metrics.accuracy.value).toBeGreaterThanOrEqual(0.97);
    expect(metrics.rocAuc.value).toBeGreaterThan(0.99);
    const service = serviceOver(folder);
    await service.refresh();
    const columns = head.split(',');
    for (const line of held.slice(0, 50)) {
      const numbers = line.split(',').map(Number);
      const pixels = columns.map((column, at) => [column, numbers[at]] as const).filter(([name]) => name !== 'digit');
      const parameters = { method: 'integrated-gradients' };
      const answer = await service.handle({
        method: 'POST',
        path: '/v1/explain/pixels',
        headers: {},
        body: Buffer.from(JSON.stringify({ inputs: Object.fromEntries(pixels), parameters })),
        requestId: 'r',
        gone: () => new AbortController().signal,
      });
      const { completeness } = JSON.parse(Buffer.concat(answer.body).toString());
      expect(completeness.gap).toBeLessThanOrEqual(1e-3);
    }
  });

  test('by two workers that share each batch as by one, within 1e-6', async () => {
    const how = file('sgd.json');
    const recipe = {
      epochs: 4,
      localSteps: 1,
      hidden: [32],
      optimizer: { kind: 'sgd', momentum: 0.9 },
      learningRate: 0.02,
    };
    await writeFile(how, JSON.stringify(recipe));
    const weightsBy = async (workers: number) => {
      const name = `shared-by-${workers}`;
      const { made } = await trained(
        name,
        name,
        '--new',
        'mlp',
        '--recipe',
        how,
        '--workers',
        String(workers),
        ...words,
      );
      const { graph } = await openOnnxModel(file(name, '1', 'model.onnx'));
      const weights = [...graph.initializers.values()].filter(({ name: weight }) => /^(weights|bias)_/.test(weight));
      const floats = await Promise.all(
        weights.map(async ({ data }) => new Float32Array((await collectBytes(data)).slice().buffer)),
      );
      return { steps: made.report.steps, curve: made.report.curve, values: floats.flatMap((each) => [...each]) };
    };
    const [one, two] = [await weightsBy(1), await weightsBy(2)];
    expect(two.steps).toBe(one.steps);
    expect(two.values.length).toBe(64 * 32 + 32 + 32 * 10 + 10);
    const gaps = two.values.map((value, at) => Math.abs(value - (one.values[at] as number)));
    expect(Math.max(...gaps)).toBeLessThan(1e-6);
    // They did learn.
    expect(one.curve.at(-1).loss).toBeLessThan(one.curve[0].loss / 3);
  });

  test('by a CNN, of pictures in folders, as they are: no worse than of a table', async () => {
    const encode = await openPictureEncoder();
    const lines = (await readFile(data('digits.csv'), 'utf8')).trim().split('\n');
    const at = lines[0]?.split(',').indexOf('digit') as number;
    for (const [row, line] of lines.slice(1).entries()) {
      const values = line.split(',').map(Number);
      const [digit] = values.splice(at, 1);
      const pixels = Uint8Array.from(values.flatMap((value) => Array<number>(3).fill(Math.round((value * 255) / 16))));
      await mkdir(file('digits-pictures', String(digit)), { recursive: true });
      const image = await encode({ width: 8, height: 8, channels: 3, pixels });
      await writeFile(file('digits-pictures', String(digit), `${row}.png`), Buffer.from(image, 'base64'));
    }
    const { metrics, made } = await trained('pictures', 'pictures', '--new', 'cnn', '--data', file('digits-pictures'));
    expect(metrics.accuracy.value).toBeGreaterThanOrEqual(0.97);
    expect(made.recipe.hidden).toEqual([16, 32, 64]);
    const processor = JSON.parse(await readFile(file('pictures', '1', 'preprocessor_config.json'), 'utf8'));
    expect(processor.size).toEqual({ width: 8, height: 8 });
  });

  test('by two and by four workers of ten steps each as by one, within a point in the mean of three seeds', async () => {
    const meanBy = async (workers: number) => {
      let sum = 0;
      for (const seed of [1, 2, 3]) {
        const name = `seed-${seed}-by-${workers}`;
        const how = ['--new', 'mlp', '--seed', String(seed), '--workers', String(workers)];
        sum += (await trained(name, name, ...how, ...words)).metrics.accuracy.value;
      }
      return sum / 3;
    };
    const alone = await meanBy(1);
    for (const workers of [2, 4]) expect(await meanBy(workers)).toBeGreaterThanOrEqual(alone - 0.01);
  });
});

test('iris by logistic regression', async () => {
  const { metrics, made } = await trained(
    'iris',
    'iris',
    '--new',
    'logistic',
    '--data',
    data('iris.csv'),
    '--target',
    'species',
  );
  expect(metrics.accuracy.value).toBeGreaterThanOrEqual(0.9);
  expect(made.report.notes).toEqual([expect.stringContaining('the same: rows 102 and 143.')]);
});

test('the width of a petal by a line', async () => {
  const columns = ['--columns', 'sepal_length,sepal_width,petal_length'];
  const words = ['--new', 'linear', '--data', data('iris.csv'), '--target', 'petal_width', ...columns];
  const { metrics } = await trained('petal', 'petal', ...words);
  expect(metrics.r2.value).toBeGreaterThan(0.9);
});

test('a head on a quantized MiniLM tells what callers of a bank want, by the texts of four kinds', async () => {
  // Some texts take several lines.
  const isWhole = (line: string) => line.split('"').length % 2 === 1;
  const some = async (name: string) => {
    const [head, ...lines] = (await readFile(data(name), 'utf8')).split('\n');
    const kinds = /,(?:card_arrival|exchange_rate|age_limit|pin_blocked)\r?$/;
    await writeFile(
      join(folder, name),
      [head, ...lines.filter((line) => kinds.test(line) && isWhole(line))].join('\n'),
    );
    return join(folder, name);
  };
  const model = join(testdata, 'all-minilm-l6-v2-int8');
  const words = [
    '--data',
    await some('banking77-train.csv'),
    '--test',
    await some('banking77-test.csv'),
    '--target',
    'category',
  ];
  const { metrics, files, made } = await trained('bank', model, '--head', 'linear', '--name', 'bank', ...words);
  expect(metrics.rows).toBeGreaterThan(150);
  expect(metrics.accuracy.value).toBeGreaterThanOrEqual(0.97);
  expect(Object.keys(files)).toContain('tokenizer.json');
  expect(made).toMatchObject({ passes: ['a linear head'], data: [{}, {}] });
});
