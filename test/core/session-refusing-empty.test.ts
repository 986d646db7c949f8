import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import { openSessionWith } from '../../src/adapters/open-session.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { sessionRefusingEmpty } from '../../src/core/session-refusing-empty.ts';
import type { ModelConfig } from '../../src/ports/model-store.ts';
import type { SessionOutput } from '../../src/ports/session.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { defaultConfig } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';

const limits = { idleTimeoutMs: 1000, maxSequences: 1, maxBytes: 1e6 };

/** x [T, N, 2] → y, by `operator`, which stands in a branch. */
function branched(operator: string, attributes: Readonly<Record<string, number>>, gates: number): OnnxGraph {
  const weights = new GraphBuilder();
  const inputs = [weights.floats(weights.randoms(gates * 2, 1), [1, gates, 2]), weights.weight(gates, 1)];
  const [ofInput = '', ofState = ''] = inputs;
  const branch = (name: string) => {
    const graph = new GraphBuilder();
    const states = graph.node('Unsqueeze', [ofState, graph.wholes([0])]);
    graph.nodesWith(operator, ['x', ofInput, states], [name], attributes);
    const { nodes, initializers } = graph;
    return { graph: { inputs: [], outputs: [{ name, datatype: 'FP32' }], nodes, initializers } as const };
  };
  return {
    inputs: [
      { name: 'x', datatype: 'FP32', shape: ['T', 'N', 2] },
      { name: 'isSo', datatype: 'BOOL', shape: [] },
    ],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    nodes: [
      {
        op: 'If',
        inputs: ['isSo'],
        outputs: ['y'],
        attributes: { then_branch: branch('one'), else_branch: branch('other') },
      },
    ],
    initializers: weights.initializers,
  };
}

describe('tensors without elements', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-empty-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each([
    ['LSTM', 4],
    ['GRU', 3],
  ])('are refused where an %s is, at which the runtime ends the process', async (operator, gates) => {
    await mkdir(join(folder, 'm/1'), { recursive: true });
    await writeFile(join(folder, 'm/1/model.onnx'), buildOnnx(branched(operator, { hidden_size: 1 }, gates)));
    const options = { maxBytes: 1e9, intraOpThreads: 1 };
    const store = new DirectoryModelStore(folder);
    await store.list();
    const cache = new SessionCache(store, openSessionWith('auto'), performance, options);
    const version = new ModelVersion('m', 1, defaultConfig);
    const isSo = { datatype: 'BOOL', shape: [], data: Uint8Array.of(1) } as const;
    const runOf = (shape: readonly number[], values: readonly number[]) => ({
      inputNames: ['x', 'isSo'],
      inputs: [floatTensor(shape, values), isSo],
      outputNames: ['y'],
    });
    const run = (shape: readonly number[], values: readonly number[]) =>
      cache.use(version, (session): Promise<readonly SessionOutput[]> => session.run(runOf(shape, values)));
    for (const shape of [
      [0, 1, 2],
      [1, 0, 2],
    ]) {
      const told = `input 'x': expected elements, got shape [${shape}], which has none; the model has ${operator}`;
      await expect(run(shape, [])).rejects.toMatchObject({ status: 400, message: expect.stringContaining(told) });
      const here = cache.use(version, (session) => session.runSync?.(runOf(shape, [])));
      await expect(here).rejects.toMatchObject({ status: 400, message: expect.stringContaining(told) });
    }
    expect((await run([1, 1, 2], [1, 2]))[0]?.shape).toEqual([1, 1, 1, 1]);
    await cache.unload(version, 'the test is over');
  });

  test.each<[string, string, Partial<ModelConfig>]>([
    ['com.microsoft.GroupQueryAttention', 'x', {}],
    ['TopK', 'past_key_values.0.key', {}],
    ['LSTM', 'x', { warmupShapes: { x: [1, 4, 0, 8] } }],
    ['Einsum', 'x', { sequence: { ...limits, state: [{ input: 'x', output: 'y', shape: [-1, 4, 0, 8] }] } }],
  ])('begin what goes on by caches or state beside %s; rows have to be there', async (operator, input, config) => {
    const run = await runOf(operator, input, config);
    expect((await run([1, 4, 0, 8]))[0]?.shape).toEqual([1, 4, 0, 8]);
    await expect(run([0, 4, 3, 8])).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`the model has ${operator}`),
    });
  });

  test('are refused of inputs that nobody said may have none', async () => {
    const run = await runOf('TopK', 'x', { warmupShapes: { z: [0] } });
    await expect(run([1, 4, 0, 8])).rejects.toMatchObject({ status: 400 });
    const other = await runOf('Add', 'x', {});
    expect((await other([0, 4]))[0]?.shape).toEqual([0, 4]);
  });

  async function runOf(operator: string, input: string, config: Partial<ModelConfig>) {
    const opened = await new FakeSessions().open('m', { intraOpThreads: 1 });
    const session = sessionRefusingEmpty(opened, [operator], { ...defaultConfig, ...config });
    return (shape: readonly number[]) =>
      session.run({ inputNames: [input], inputs: [floatTensor(shape, [])], outputNames: ['y'] });
  }
});
