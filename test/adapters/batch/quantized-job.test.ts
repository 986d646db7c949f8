import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { locateFile } from '../../../src/adapters/batch/locate-file.ts';
import { openBatch } from '../../../src/adapters/batch/open-batch.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { openModelStore } from '../../../src/adapters/open-model-store.ts';
import { runJob } from '../../../src/core/batch/run-job.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';

const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', 2] });

/** Rounds x to 256 steps between 0 and the largest value of all that shares its run. */
const quantized: OnnxGraph = {
  inputs: [value('x')],
  outputs: [value('y')],
  nodes: [
    { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['steps', 'scale', 'zero'] },
    { op: 'DequantizeLinear', inputs: ['steps', 'scale', 'zero'], outputs: ['y'] },
  ],
};

test('records of a model that quantizes by the whole batch take a run each, so no answer depends on another record', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-quantized-'));
  try {
    await mkdir(join(folder, 'models/quantized/1'), { recursive: true });
    await writeFile(join(folder, 'models/quantized/1/model.onnx'), buildOnnx(quantized));
    const rows = Array.from({ length: 12 }, (_, id) => [0.2 * 10 ** (id % 4), 10 ** (id % 4)]);
    await writeFile(join(folder, 'in.jsonl'), rows.map((x, id) => `${JSON.stringify({ id, x })}\n`).join(''));
    const work = await openBatch({
      models: openModelStore(join(folder, 'models')),
      model: 'quantized',
      reference: undefined,
      input: locateFile(join(folder, 'in.jsonl')),
      output: new DirectoryObjectStore(join(folder, 'out')),
      chosen: { maxFailedRecords: 0 },
      workers: 2,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(work.plan.rows).toBe(1);
    expect(await runJob(work)).toMatchObject({ status: 'completed', answered: rows.length });
    const lines = (await readFile(join(folder, 'out/part-00000.jsonl'), 'utf8')).trim().split('\n');
    // 0.2 is 51 steps of 1/255; beside 1000 it would be none.
    for (const [id, line] of lines.entries()) {
      const [small, large] = (JSON.parse(line) as { y: [number, number] }).y;
      expect(small / 10 ** (id % 4)).toBeCloseTo(0.2, 5);
      expect(large / 10 ** (id % 4)).toBeCloseTo(1, 5);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
