import type { FixedTensor } from '../../protocol/tensor.ts';
import type { WorkerResult } from './train-in-rounds.ts';
import { trainedWeights } from './trained-weights.ts';
import type { Trainer } from './trainer.ts';

/**
 * Has weights, and what the optimizer keeps, become the mean of where workers have come to, by how many rows each had.
 * Gives the sum of the losses. Results are taken one by one, in the order of the workers: no two need be in memory.
 *
 * @param shares the batches that each worker had
 */
export async function endRound(
  trainer: Trainer,
  shares: readonly (readonly (readonly number[])[])[],
  results: Iterable<WorkerResult> | AsyncIterable<WorkerResult>,
): Promise<number> {
  const rows = shares.flat().reduce((sum, batch) => sum + batch.length, 0);
  const means = [trainedWeights(trainer), trainer.states].map((tensors) => new Map(Array.from(tensors, emptyMean)));
  const [weights, states] = means as [Map<string, Mean>, Map<string, Mean>];
  let loss = 0;
  for await (const result of results) {
    const share = result.rows / rows;
    for (const [name, { sum }] of weights) add(sum, share, result.weights.get(name) as FixedTensor);
    for (const [name, { sum }] of states) add(sum, share, result.states.get(name) as FixedTensor);
    loss += result.loss;
  }
  for (const { into, sum } of [...weights.values(), ...states.values()]) floatsOf(into).set(sum);
  trainer.steps += shares[0]?.length ?? 0;
  return loss;
}

interface Mean {
  readonly into: FixedTensor;
  /** In DOUBLE, as the sum of many has fewer digits than each. */
  readonly sum: Float64Array;
}

function emptyMean([name, into]: readonly [string, FixedTensor]): readonly [string, Mean] {
  return [name, { into, sum: new Float64Array(floatsOf(into).length) }];
}

function add(sum: Float64Array, share: number, tensor: FixedTensor): void {
  // What comes from another process lies where it happens to; what is copied begins where elements may.
  const values = floatsOf({ ...tensor, data: tensor.data.slice() });
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] as number) + share * (values[at] as number);
}

function floatsOf({ datatype, data }: FixedTensor): Float32Array | Float64Array {
  return datatype === 'FP64'
    ? new Float64Array(data.buffer, data.byteOffset, data.length / Float64Array.BYTES_PER_ELEMENT)
    : new Float32Array(data.buffer, data.byteOffset, data.length / Float32Array.BYTES_PER_ELEMENT);
}
