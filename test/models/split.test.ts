import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { cutModel } from '../../cli/cut-model.ts';
import { judgeStages } from '../../cli/judge-stages.ts';
import type { Sample } from '../../src/core/releases/sample.ts';

jest.setTimeout(300_000);

const testdata = join(import.meta.dirname, '../../../shared/testdata');
const zeros = Array.from({ length: 4 }, () => []);

/** What the models' texts are as tokens. */
async function samplesOf(model: string): Promise<readonly Sample[]> {
  const expected = JSON.parse(await readFile(join(testdata, model, 'expected.json'), 'utf8'));
  if (model !== 'tinystories-260k') {
    return expected.cases.map(({ input_ids: ids }: { input_ids: number[] }, index: number) => {
      const inputs = { input_ids: [ids], attention_mask: [ids.map(() => 1)], token_type_ids: [ids.map(() => 0)] };
      return { line: index + 1, inputs, outputs: {} };
    });
  }
  return expected.greedy.map(({ generated_ids: all }: { generated_ids: number[] }, index: number) => {
    const ids = all.slice(0, 20 + index);
    const inputs: Record<string, unknown> = {
      input_ids: [ids],
      // One position was seen before, and its cache is that of nothing.
      attention_mask: [[0, ...ids.map(() => 1)]],
      position_ids: [ids.map((_id, place) => place)],
    };
    for (let layer = 0; layer < 5; layer += 1) {
      for (const part of ['key', 'value'])
        inputs[`past_key_values.${layer}.${part}`] = [zeros.map(() => [Array(8).fill(0)])];
    }
    return { line: index + 1, inputs, outputs: {} };
  });
}

describe.each(['all-minilm-l6-v2-int8', 'tinystories-260k'])('%s', (name) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-split-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([2, 3])('in %i stages answers as the whole, bit for bit', async (stages) => {
    const path = join(testdata, name, 'model.onnx');
    const samples = await samplesOf(name);
    const judge = (paths: readonly string[]) =>
      judgeStages(paths, { path, samples, warmupShapes: {}, tolerance: 0, isTimed: false });
    const isWhole = async (paths: readonly string[]) => (await judge(paths)).findings.length === 0;
    const { paths } = await cutModel(path, stages, join(folder, String(stages)), isWhole);
    const { findings, samples: judged, outputs } = await judge(paths);
    expect(paths.length).toBe(stages);
    expect({ findings, judged }).toEqual({ findings: [], judged: samples.length });
    for (const { largest } of Object.values(outputs)) expect(largest).toBe(0);
  });
});
