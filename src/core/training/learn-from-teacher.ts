import type { Run } from '../../ports/session.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { commonRows } from '../common-rows.ts';
import { seededRandom } from '../seeded-random.ts';
import { groupsOfShapes } from './groups-of-shapes.ts';
import { joinedInputs } from './joined-inputs.ts';
import { miniBatches } from './mini-batches.ts';
import type { Trainer, TrainingBatch } from './trainer.ts';

/** The mean loss of some steps. */
export interface LossPoint {
  /** The last of them, from 1 on. */
  readonly step: number;
  readonly loss: number;
}

export interface Teaching {
  readonly trainer: Trainer;
  /** The input that is what the teacher says. */
  readonly target: string;
  /** What the student is taught by. */
  readonly runs: readonly Run[];
  /** What the teacher says to runs that were joined. */
  ask(run: Run): Promise<FixedTensor>;
  readonly epochs: number;
  /** Runs that share a step, where they are alike. */
  readonly batch: number;
  /** The learning rate of a step, from 0, of so many. */
  rate(step: number, steps: number): number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears of each step. */
  onStep?(step: number, steps: number, loss: number): void;
}

const points = 50;
// The teacher is asked once for what fits, and again in each epoch for the rest.
const mostKeptBytes = 512 * 1024 * 1024;

/**
 * Trains a student to say what its teacher says. Resolves to how the loss went; the same seed gives the same weights.
 */
export async function learnFromTeacher(teaching: Teaching): Promise<readonly LossPoint[]> {
  const { trainer, target, runs, epochs, batch, seed, signal } = teaching;
  const groups = groupsOfShapes(runs);
  const random = seededRandom(seed);
  const answers = new Answers((run) => teaching.ask(run));
  const steps = epochs * miniBatches(groups, batch, seededRandom(seed)).length;
  const curve: LossPoint[] = [];
  let [sum, counted] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const places of miniBatches(groups, batch, random)) {
      signal?.throwIfAborted();
      const joined = places.map((place) => runs[place] as Run);
      const inputs = joinedInputs(joined);
      const wanted = await answers.of(places, joined, inputs);
      const rate = teaching.rate(trainer.steps, steps);
      const { loss } = await trainer.step({ ...inputs, [target]: wanted }, rate, signal);
      const step = trainer.steps;
      [sum, counted] = [sum + loss, counted + 1];
      if (Math.floor((step * points) / steps) !== Math.floor(((step - 1) * points) / steps)) {
        curve.push({ step, loss: sum / counted });
        [sum, counted] = [0, 0];
      }
      teaching.onStep?.(step, steps, loss);
    }
  }
  return curve;
}

/** What the teacher says, kept as far as that fits. */
class Answers {
  readonly #ask: Teaching['ask'];
  readonly #kept = new Map<number, FixedTensor>();
  #bytes = 0;

  constructor(ask: Teaching['ask']) {
    this.#ask = ask;
  }

  /** @param inputs of the runs at these places, joined */
  async of(places: readonly number[], runs: readonly Run[], inputs: TrainingBatch): Promise<FixedTensor> {
    const known = places.flatMap((place) => this.#kept.get(place) ?? []);
    if (known.length === places.length) return joinRows(known as unknown as [FixedTensor]) as FixedTensor;
    const [first] = runs as readonly [Run];
    const answer = await this.#ask({
      ...first,
      inputs: first.inputNames.map((name) => inputs[name] as FixedTensor),
    });
    let from = 0;
    for (const [at, place] of places.entries()) {
      const rows = commonRows((runs[at] as Run).inputs);
      const own = places.length === 1 ? answer : rowsOf(answer, from, from + rows);
      from += rows;
      if (this.#bytes + own.data.length > mostKeptBytes) continue;
      this.#bytes += own.data.length;
      this.#kept.set(place, own);
    }
    return answer;
  }
}
