import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { minilmModel } from '../../bench/models/minilm-model.ts';
import { cutModel } from '../../cli/cut-model.ts';
import { judgeStages } from '../../cli/judge-stages.ts';
import { openModel } from '../../cli/open-model.ts';
import { sampleRuns } from '../../cli/sample-runs.ts';
import { remoteModels } from '../../src/adapters/remote-models/remote-models.ts';
import { noTimes } from '../../src/core/no-times.ts';
import type { Sample } from '../../src/core/releases/sample.ts';
import type { OutputTensor } from '../../src/protocol/inference.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(300_000);

const testdata = join(import.meta.dirname, '../../../shared/testdata');

/** MiniLM in FP32 is built where it is not yet. */
function pathOf(name: string): string {
  const folder = name.endsWith('-fp32') ? minilmModel() : join(testdata, name);
  return join(folder as string, 'model.onnx');
}
const zeros = Array.from({ length: 4 }, () => []);

/** What the models' texts are as tokens. */
async function samplesOf(model: string): Promise<readonly Sample[]> {
  const texts = model.startsWith('all-minilm') ? 'all-minilm-l6-v2-int8' : model;
  const expected = JSON.parse(await readFile(join(testdata, texts, 'expected.json'), 'utf8'));
  if (model !== 'tinystories-260k') {
    return expected.cases.map(({ input_ids: ids }: { input_ids: number[] }, index: number) => {
      const inputs = { input_ids: [ids], attention_mask: [ids.map(() => 1)], token_type_ids: [ids.map(() => 0)] };
      return { where: `text ${index + 1}`, inputs, outputs: {} };
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
    return { where: `text ${index + 1}`, inputs, outputs: {} };
  });
}

describe.each(['all-minilm-l6-v2-int8', 'all-minilm-l6-v2-fp32', 'tinystories-260k'])('%s', (name) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-split-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([2, 3])('in %i stages answers as the whole, bit for bit', async (stages) => {
    const path = pathOf(name);
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

test('in two processes, over gRPC, answers as the whole, bit for bit', async () => {
  const name = 'all-minilm-l6-v2-int8';
  const path = pathOf(name);
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-pipe-'));
  const samples = (await samplesOf(name)).slice(0, 3);
  const options = { path, samples, warmupShapes: {}, tolerance: 0, isTimed: false };
  const isWhole = async (paths: readonly string[]) => (await judgeStages(paths, options)).findings.length === 0;
  const { paths, parts, inputs, outputs } = await cutModel(path, 2, join(folder, 'cut'), isWhole);
  const [here, there] = [join(folder, 'here'), join(folder, 'there')];
  await cp(paths[0] as string, join(here, 'pipe-1/1/model.onnx'));
  await cp(paths[1] as string, join(there, 'pipe-2/1/model.onnx'));
  const named = (names: readonly string[]) => Object.fromEntries(names.map((each) => [each, each]));
  const steps = parts.map((part, stage) => ({
    model: `pipe-${stage + 1}`,
    ...(stage === 1 && { server: 'second' }),
    inputs: named(part.inputs),
    outputs: named(part.outputs),
  }));
  await mkdir(join(here, 'pipe'), { recursive: true });
  await writeFile(join(here, 'pipe/model.json'), JSON.stringify({ inputs, outputs, steps }));
  const second = await startProcess(there, '--grpc-port', '0');
  const whole = await openModel(path, name);
  try {
    const grpc = /gRPC on (\S+)/.exec(second.output())?.[1];
    const servers = new Map([['second', { url: new URL(`grpc://${grpc}`), key: undefined }]]);
    const { dataPlane, refresh } = serviceOver(here, { openRemoteModel: remoteModels(servers) });
    await refresh();
    const signal = () => new AbortController().signal;
    const context = { times: noTimes(), checkDeadline: () => undefined, signal, checkOutput: () => undefined };
    for (const { run } of sampleRuns(whole, samples)) {
      const given = run.inputs.map((tensor, place) => ({ ...tensor, name: run.inputNames[place] }) as OutputTensor);
      const request = { parameters: {}, inputs: given };
      const answer = await dataPlane.infer(dataPlane.repository.resolve('pipe'), request, context);
      const [wanted] = await whole.run(run);
      expect(Buffer.compare(answer.outputs[0]?.data as Uint8Array, wanted?.data as Uint8Array)).toBe(0);
    }
  } finally {
    await whole.release();
    await stopProcess(second);
    await rm(folder, { recursive: true });
  }
});
