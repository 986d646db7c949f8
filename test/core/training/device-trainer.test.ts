import { describe, expect, test } from '@jest/globals';
import { openNativeSession } from '../../../src/adapters/onnx-native/open-native-session.ts';
import { openTrainer } from '../../../src/adapters/training/open-trainer.ts';
import { restoreTrainer } from '../../../src/core/training/restore-trainer.ts';
import type { Optimizer } from '../../../src/graph/gradient/optimizers/optimizer.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { Run, Session } from '../../../src/ports/session.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { mlp, pictures } from '../../graph/gradient/small-models.ts';
import { tensorOf } from '../../graph/gradient/tensors.ts';

// No GPU is here: the processor stands in for one, and its memory for that of the device.
const place = { kind: 'cpu', id: 0 } as const;
const data = pictures(60);
const file = buildOnnx(mlp('FP32'));
const rows = tensorOf('FP32', [60, 64], data.rows.flat());
const labels: FixedTensor = {
  datatype: 'INT64',
  shape: [60],
  data: new Uint8Array(BigInt64Array.from(data.labels, BigInt).buffer),
};
const copied = (tensors: ReadonlyMap<string, FixedTensor>) =>
  new Map(Array.from(tensors, ([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
const hex = (tensors: ReadonlyMap<string, FixedTensor>) =>
  Object.fromEntries(Array.from(tensors, ([name, tensor]) => [name, Buffer.from(tensor.data).toString('hex')]));

async function open(optimizer: Optimizer, isOnDevice: boolean) {
  const runs: Run[] = [];
  const openHere = async (...[path, options]: Parameters<typeof openNativeSession>): Promise<Session> => {
    const session = await openNativeSession(path, options, isOnDevice ? place : undefined);
    for (const call of ['run', 'runSync'] as const) {
      const plain = session[call].bind(session) as (run: Run, signal?: AbortSignal) => never;
      Object.assign(session, {
        [call]: (run: Run, signal?: AbortSignal) => {
          runs.push(run);
          return plain(run, signal);
        },
      });
    }
    return session;
  };
  const options = { loss: { kind: 'cross-entropy' as const }, optimizer, clipNorm: 0.5 };
  const { trainer, target } = await openTrainer(await readModel(bytesAccess(file)), options, {
    threads: 1,
    open: openHere,
  });
  return { trainer, runs, batch: { x: rows, [target]: labels } };
}

describe('a trainer whose models run on a device', () => {
  test.each<Optimizer>([{ kind: 'sgd', momentum: 0.9 }, { kind: 'adam' }, { kind: 'adamw' }])(
    'takes the steps of %j there, to the same weights',
    async (optimizer) => {
      const here = await open(optimizer, false);
      const there = await open(optimizer, true);
      for (let step = 0; step < 5; step += 1) {
        const steps = [];
        for (const { trainer, batch } of [here, there]) steps.push(await trainer.step(batch, 0.01 / (step + 1)));
        expect(steps[1]).toEqual(steps[0]);
      }
      const [asked, same] = [await here.trainer.evaluate(here.batch), await there.trainer.evaluate(there.batch)];
      expect(same).toEqual(asked);
      expect(hex(there.trainer.states)).toEqual(hex(here.trainer.states));
      for (const { trainer } of [here, there]) await trainer.release();
      expect(hex(there.trainer.weights)).toEqual(hex(here.trainer.weights));
    },
  );

  test('has nothing of the size of the weights pass through the memory of the processor in a step', async () => {
    const { trainer, runs, batch } = await open({ kind: 'adam' }, true);
    await trainer.step(batch, 0.01);
    const addresses = () => runs.flatMap(({ into = [] }) => into.map((tensor) => tensor?.held));
    const first = addresses();
    runs.length = 0;
    await trainer.step(batch, 0.01);
    const tensors = runs.flatMap(({ inputs, into = [] }) => [...inputs, ...into]);
    const passing = tensors.filter((tensor) => tensor !== undefined && !tensor.held);
    // The rows, what they are, the loss, how long gradients are; the learning rate, the number of the step, whether
    // weights are drawn to 0, and how long gradients are.
    expect(passing.map((tensor) => tensor?.shape)).toEqual([[60, 64], [60], ...Array(6).fill([])]);
    // The same memory in each step: parameters are written over.
    expect(addresses()).toEqual(first);
    await trainer.release();
  });

  test('goes on from what is written to its weights and states', async () => {
    const { trainer, batch } = await open({ kind: 'adam' }, true);
    await trainer.step(batch, 0.01);
    const { steps } = trainer;
    const from = { steps, weights: copied(trainer.weights), states: copied(trainer.states) };
    const losses = [(await trainer.step(batch, 0.01)).loss, (await trainer.step(batch, 0.01)).loss];
    const ended = hex(trainer.weights);
    restoreTrainer(trainer, from);
    expect([(await trainer.step(batch, 0.01)).loss, (await trainer.step(batch, 0.01)).loss]).toEqual(losses);
    expect(hex(trainer.weights)).toEqual(ended);
    await trainer.release();
  });
});
