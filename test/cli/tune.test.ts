import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mergeSettings } from '../../cli/merge-settings.ts';
import { writeModelSettings } from '../../cli/model-settings-file.ts';
import { checkModelConfig } from '../../src/adapters/directory-model-store/check-model-config.ts';
import { fillModelConfig } from '../../src/adapters/directory-model-store/fill-model-config.ts';
import { addModel, nonZeroModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';

jest.setTimeout(60_000);

let folder: string;
const file = (name: string) => join(folder, name);
const settings = { labels: {}, queue: { maxSize: 1 } };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-cli-tune-'));
  for (const [name, model] of [
    ['add', addModel()],
    ['places', nonZeroModel()],
  ] as const) {
    await mkdir(file(`models/${name}/1`), { recursive: true });
    await writeFile(file(`models/${name}/1/model.onnx`), buildOnnx(model));
  }
  await writeFile(file('models/add/model.json'), JSON.stringify(settings));
  const step = { model: 'add', inputs: { a: 'x', b: 'x' }, outputs: { sum: 'y' } };
  await mkdir(file('models/doubled'));
  await writeFile(file('models/doubled/model.json'), JSON.stringify({ inputs: ['x'], outputs: ['y'], steps: [step] }));
  await mkdir(file('models/kept/1'), { recursive: true });
  await writeFile(file('models/kept/1/model.onnx'), buildOnnx(addModel()));
  const sequence = { state: [{ input: 'b', output: 'sum' }] };
  await writeFile(file('models/kept/model.json'), JSON.stringify({ sequence }));
  const floats = { datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] };
  const [a, b] = [
    { name: 'a', ...floats },
    { name: 'b', ...floats },
  ];
  await writeFile(file('two-rows.json'), JSON.stringify({ inputs: [a, b] }));
  await writeFile(file('one-input.json'), JSON.stringify({ inputs: [a] }));
  await writeFile(file('broken.json'), '{"inputs": 3}');
});
afterAll(() => rm(folder, { recursive: true }));

const tune = (name: string, ...words: string[]) =>
  runCommand('tune', name, '--models', file('models'), '--svg', file('drawn.svg'), '--seconds', '2', ...words);

describe('tune', () => {
  test('draws and tells what it measured, and writes what wins into model.json', async () => {
    const { code, stdout, stderr } = await tune('add', '--p99-ms', '1000', '--input', file('two-rows.json'));
    expect(stderr).toMatch(
      /^measuring model 'add' version 1 for about 2 s …\nthreads auto, runs at once auto, batches/,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^THREADS +RUNS +BATCH +CALLERS +REQUESTS\/S +MEDIAN +P99\nauto +auto +auto .* as it is/);
    expect(stdout).toContain(`drawn in ${file('drawn.svg')}`);
    const drawn = await readFile(file('drawn.svg'), 'utf8');
    expect(drawn).toMatch(
      /^<svg [^>]*>\n<title>add, version 1<\/title>.*<text .*>add, version 1<\/text>.*goal: 1000 ms.*<\/svg>\n$/s,
    );
    expect(drawn).not.toMatch(/NaN|Infinity/);

    const written = JSON.parse(await readFile(file('models/add/model.json'), 'utf8'));
    // Which settings win on this machine, and whether any do, is not known.
    const { labels, queue } = written;
    expect({ labels, queue }).toEqual(settings);
    expect(stdout).toMatch(/not set → \d+\nwritten to .*model\.json|model\.json stays as it is/);
    expect(await readdir(file('models/add'))).toEqual(['1', 'model.json']);
  });

  test('writes nothing where it is only to tell, and says why batch sizes were not tried', async () => {
    const { code, stdout } = await tune('places', '--p99-ms', '1000', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('batch sizes were not tried: dimension 0 of');
    expect(await readdir(file('models/places'))).toEqual(['1']);
  });

  test('tells the best where the goal cannot be met, and writes nothing', async () => {
    const { code, stderr } = await tune('places', '--p99-ms', '0.000001');
    expect(stderr).toMatch(/error: no settings meet 0\.000001 ms; the best are threads .*: misses the goal: 99 of 100/);
    expect(code).toBe(1);
    expect(await readdir(file('models/places'))).toEqual(['1']);
  });

  test.each([
    [['ad', '--p99-ms', '5'], /no model 'ad' in .*; did you mean 'add'\?/, 1],
    [['add@3', '--p99-ms', '5'], /model 'add' has no version or alias '3'; it has 1/, 1],
    [
      ['doubled', '--p99-ms', '5'],
      /model 'doubled' is made of others \(add\), and has no file of its own: tune those/,
      1,
    ],
    [['add', '--p99-ms', '0'], /argument '0' is invalid\. Expected a number over 0\./, 64],
    [['add'], /required option '--p99-ms <number>' not specified/, 64],
    [['add', '--p99-ms', '5', '--input', 'none.json'], /there is no file none\.json/, 1],
  ])('%j fails and says what to do', async ([name = '', ...words], message, expected) => {
    const { code, stderr } = await tune(name, ...words);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });

  test.each([
    ['one-input.json', /the model does not answer .*one-input\.json: missing input: the model also takes 'b'/],
    ['broken.json', /broken\.json is no inference request as a server takes them: /],
  ])('refuses the request in %s', async (name, message) => {
    const { code, stderr } = await tune('add', '--p99-ms', '5', '--input', file(name));
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});

test('settings that a server would refuse are not written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-settings-'));
  const path = join(folder, 'model.json');
  await writeFile(path, '{}');
  const refused = { batching: { preferredBatchSizes: [16], maxBatchSize: 8 } };
  await expect(writeModelSettings(path, refused)).rejects.toThrow(
    `${path} is left as it is, since no server would take what it was to be: model.json: 'batching.preferredBatchSizes': 16 is more than the maxBatchSize of 8`,
  );
  expect(await readFile(path, 'utf8')).toBe('{}');
  await rm(folder, { recursive: true });
});

describe('mergeSettings', () => {
  test('leaves what is there, and what is as it was', () => {
    const present = { load: 'first-use', runsAtOnce: 3, batching: { maxQueueDelayMs: 2, maxBatchSize: 4 } } as const;
    expect(mergeSettings(present, { intraOpThreads: 2, runsAtOnce: 3, maxBatchSize: 8 })).toEqual({
      file: { ...present, intraOpThreads: 2, batching: { maxQueueDelayMs: 2, maxBatchSize: 8 } },
      changes: ['intraOpThreads: not set → 2', 'batching.maxBatchSize: 4 → 8'],
    });
    expect(mergeSettings(present, { intraOpThreads: 0, runsAtOnce: 3, maxBatchSize: 4 })).toEqual({
      file: present,
      changes: [],
    });
  });

  test('drops preferred sizes that no run has any more, and says so', () => {
    const present = { batching: { preferredBatchSizes: [4, 16, 32] } };
    const merged = (maxBatchSize: number) => mergeSettings(present, { intraOpThreads: 0, runsAtOnce: 0, maxBatchSize });
    expect(merged(8)).toEqual({
      file: { batching: { preferredBatchSizes: [4], maxBatchSize: 8 } },
      changes: [
        'batching.maxBatchSize: not set → 8',
        'batching.preferredBatchSizes: 4, 16, 32 → 4, as no run has more rows',
      ],
    });
    expect(merged(2).changes[1]).toBe('batching.preferredBatchSizes: 4, 16, 32 → none, as no run has more rows');
    expect(merged(32).changes).toEqual(['batching.maxBatchSize: not set → 32']);
    for (const size of [1, 8, 64]) expect(() => checkModelConfig(fillModelConfig(merged(size).file))).not.toThrow();
  });

  test('does not ask for batching of versions that cannot be batched', () => {
    const { file: merged } = mergeSettings({}, { intraOpThreads: 0, runsAtOnce: 0, maxBatchSize: 8 });
    expect(merged).toEqual({ batching: { mode: 'auto', maxBatchSize: 8 } });
  });
});
