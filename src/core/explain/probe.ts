import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { totalBytes } from '../../protocol/total-bytes.ts';
import { checkAsked } from '../check-asked.ts';
import { innerContext } from '../inner-context.ts';
import { itemsInHand } from '../items-in-hand.ts';
import { nextTurn } from '../pace/next-turn.ts';
import { Pace } from '../pace/pace.ts';
import type { ItemInputs } from '../tasks/flow.ts';
import { runRows } from '../tasks/run-rows.ts';
import type { ExplainCall } from './explain-call.ts';
import { finiteScore } from './finite-score.ts';
import type { Scorer } from './scorer.ts';
import { type Target, targetOf } from './target.ts';
import { tooFewEvaluations } from './too-few-evaluations.ts';

/** Rows that are asked together, and bytes of tensors that are held for them and their answers, about. */
const mostRows = 64;
const mostBytes = 16 * 1024 * 1024;

export interface AskOptions<T> {
  /** The inputs of an item, over which its score is the mean. */
  readonly make: (item: T) => Promise<readonly ItemInputs[]>;
  /** Which it is, in words, for where its score is no number; undefined: what is explained itself. */
  readonly where: (item: T) => string | undefined;
}

interface Held<T> {
  readonly item: T;
  readonly inputs: readonly ItemInputs[];
}

/**
 * Asks a served model many inputs that are made up, some in each run where its requests share runs, within a number of
 * rows. Of each answer one number is kept: the score that is explained, which the first answer tells where nobody asked
 * for one.
 */
export class Probe {
  readonly #call: ExplainCall;
  readonly #scorer: Scorer;
  #target: Target | undefined;
  /** Of one row. */
  #answerBytes = 0;
  #evaluations = 0;
  /** Rows that there will be at most, those that it was asked among them. */
  #expected: number;

  constructor(call: ExplainCall, scorer: Scorer) {
    this.#call = call;
    this.#scorer = scorer;
    this.#expected = call.options.maxEvaluations;
  }

  /** The score that is explained, once there was an answer. */
  get target(): Target {
    if (!this.#target) throw new TypeError('nothing was asked yet');
    return this.#target;
  }

  /** Rows that it was asked. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Rows that it may yet be asked. */
  get left(): number {
    return this.#call.options.maxEvaluations - this.#evaluations;
  }

  /** Hears how many rows are left to be asked. */
  expect(rows: number): void {
    this.#expected = this.#evaluations + rows;
  }

  /**
   * The score of each item, the mean over its inputs, in order; they are made and asked one after the other, as their
   * turn comes. Rejects with 400 past the number of rows, for a score that there is not or that is no number, and as an
   * inference does, and with 504 once the caller left or the deadline passed.
   */
  async *ask<T>(items: Iterable<T>, { make, where }: AskOptions<T>): AsyncGenerator<readonly [item: T, score: number]> {
    let held: Held<T>[] = [];
    let [rows, bytes] = [0, 0];
    for (const item of items) {
      checkAsked(this.#call.context);
      const inputs = await itemsInHand.run(() => make(item));
      held.push({ item, inputs });
      rows += inputs.length;
      for (const { tensors } of inputs) bytes += totalBytes(tensors) + this.#answerBytes;
      if (rows < mostRows && bytes < mostBytes) continue;
      yield* await this.#scored(held, where);
      held = [];
      [rows, bytes] = [0, 0];
    }
    yield* await this.#scored(held, where);
  }

  async #scored<T>(
    held: readonly Held<T>[],
    where: AskOptions<T>['where'],
  ): Promise<readonly (readonly [item: T, score: number])[]> {
    const scores = await this.#run(held.flatMap(({ inputs }) => inputs));
    let at = 0;
    return held.map(({ item, inputs }) => {
      const own = scores.slice(at, at + inputs.length);
      at += inputs.length;
      const score = own.reduce((sum, each) => sum + each, 0) / own.length;
      return [item, finiteScore(score, () => where(item))];
    });
  }

  async #run(rows: readonly ItemInputs[]): Promise<readonly number[]> {
    const { host, version, options, context } = this.#call;
    if (rows.length === 0) return [];
    if (rows.some(({ windows }) => windows && windows.state.length > 0))
      throw new ServiceError(
        400,
        `${version.label} keeps state from window to window of a sound; what can be explained is one answer`,
      );
    if (rows.length > this.left)
      throw tooFewEvaluations(`${options.maxEvaluations} rows are too few for this explanation`);
    const before = this.#evaluations;
    this.#evaluations += rows.length;
    const canShareRuns = version.batching.isOn;
    let answeredRows = 0;
    const own = innerContext(context, { isMadeUp: true });
    const { times } = own;
    const infer = async (inputs: readonly InputTensor[]) => {
      // Short runs are made without a turn of the event loop between them, and others have to have theirs.
      await nextTurn();
      checkAsked(context);
      const { outputs } = await host.dataPlane.infer(version, { parameters: {}, inputs }, own);
      context.times.queueMs += times.queueMs;
      context.times.inferMs += times.inferMs;
      // Windows of a sound are several runs of one row.
      answeredRows = Math.min(answeredRows + (canShareRuns ? (inputs[0]?.shape[0] ?? 1) : 1), rows.length);
      host.onEvaluations?.(before + answeredRows, this.#expected);
      return outputs;
    };
    const answered = await runRows(rows, { run: infer, canShareRuns, context: own });
    const scores: number[] = [];
    const pace = new Pace();
    for (const [at, outputs] of answered.entries()) {
      scores.push(await this.#score(rows[at] as ItemInputs, outputs));
      if (pace.isDue) await pace.giveWay();
    }
    return scores;
  }

  async #score(inputs: ItemInputs, outputs: readonly OutputTensor[]): Promise<number> {
    const scores = await this.#scorer.scores(inputs, outputs);
    this.#answerBytes = Math.max(this.#answerBytes, totalBytes(outputs));
    this.#target ??= targetOf(this.#call.options.target, scores, this.#scorer.labels(outputs));
    return scores[this.#target.index] ?? 0;
  }
}
