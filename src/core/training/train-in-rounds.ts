import type { FixedTensor } from '../../protocol/tensor.ts';
import type { Trainer } from './trainer.ts';

/** What one worker does in a round: some steps from where all begin. It may be done again, and comes to the same. */
export interface WorkerTask {
  readonly steps: number;
  readonly weights: ReadonlyMap<string, FixedTensor>;
  readonly states: ReadonlyMap<string, FixedTensor>;
  /** Rows of each step, by their numbers, and its learning rate. */
  readonly batches: readonly (readonly number[])[];
  readonly rates: readonly number[];
}

/** Where a worker has come to. */
export interface WorkerResult {
  readonly weights: ReadonlyMap<string, FixedTensor>;
  readonly states: ReadonlyMap<string, FixedTensor>;
  /** The sum of the losses of its rows, and how many there were. */
  readonly loss: number;
  readonly rows: number;
}

export interface RoundsOptions {
  readonly workers: number;
  /** Steps that a worker takes before all are brought together. */
  readonly localSteps: number;
  readonly rateOf: (step: number) => number;
  /** Has workers do their tasks, one each. */
  readonly run: (tasks: readonly WorkerTask[]) => Promise<readonly WorkerResult[]>;
}

/**
 * A pass over batches by several workers at once: in each round they take some steps each, of rows of their own, from the same weights; then weights and what the
 * optimizer keeps become the mean of where they have come to, by how many rows each had. Gives the sum of the losses.
 *
 * With one step and gradient descent that is the step of all of their rows together. Source: Stich, "Local SGD Converges Fast and Communicates Little", 2019, algorithm 1.
 */
export async function trainInRounds(
  trainer: Trainer,
  batches: readonly (readonly number[])[],
  { workers, localSteps, rateOf, run }: RoundsOptions,
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < batches.length; from += workers * localSteps) {
    const round = batches.slice(from, from + workers * localSteps);
    const shares = Array.from({ length: Math.min(workers, round.length) }, (_worker, at) =>
      round.filter((_batch, place) => place % workers === at),
    );
    const { steps, weights, states, trained } = trainer;
    const own = new Map(trained.map((name) => [name, weights.get(name) as FixedTensor]));
    const results = await run(
      shares.map((share) => ({
        steps,
        weights: own,
        states,
        batches: share,
        rates: share.map((_batch, at) => rateOf(steps + at)),
      })),
    );
    for (const [name, tensor] of own) average(tensor, results, ({ weights: found }) => found.get(name));
    for (const [name, tensor] of states) average(tensor, results, ({ states: found }) => found.get(name));
    trainer.steps += shares[0]?.length ?? 0;
    sum += results.reduce((total, { loss }) => total + loss, 0);
  }
  return sum;
}

/** In DOUBLE, as the sum of many has fewer digits than each. */
function average(
  into: FixedTensor,
  results: readonly WorkerResult[],
  of: (result: WorkerResult) => FixedTensor | undefined,
): void {
  const floats = ({ datatype, data }: FixedTensor) =>
    datatype === 'FP64'
      ? new Float64Array(data.buffer, data.byteOffset, data.length / Float64Array.BYTES_PER_ELEMENT)
      : new Float32Array(data.buffer, data.byteOffset, data.length / Float32Array.BYTES_PER_ELEMENT);
  // What comes from another process lies where it happens to; what is copied begins where elements may.
  const copied = (tensor: FixedTensor) => floats({ ...tensor, data: tensor.data.slice() });
  const rows = results.reduce((sum, result) => sum + result.rows, 0);
  const found = results.map((result) => ({ share: result.rows / rows, values: copied(of(result) as FixedTensor) }));
  const values = floats(into);
  for (let at = 0; at < values.length; at += 1)
    values[at] = found.reduce((sum, each) => sum + each.share * (each.values[at] as number), 0);
}
