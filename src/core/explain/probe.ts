import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { totalBytes } from '../../protocol/total-bytes.ts';
import { checkAsked } from '../check-asked.ts';
import { innerContext } from '../inner-context.ts';
import { itemsInHand } from '../items-in-hand.ts';
import { nextTurn } from '../pace/next-turn.ts';
import type { ItemInputs } from '../tasks/flow.ts';
import { runRows } from '../tasks/run-rows.ts';
import type { ExplainCall } from './explain-call.ts';
import type { Scorer } from './scorer.ts';
import { tooFewEvaluations } from './too-few-evaluations.ts';

/** Rows of one run, and bytes of tensors that are held for it, about. */
const mostRows = 64;
const mostBytes = 16 * 1024 * 1024;

/** An answer to made-up inputs. */
export interface Probed {
  readonly scores: readonly number[];
  readonly outputs: readonly OutputTensor[];
}

/**
 * Asks a served model many inputs that are made up, some in each run where its requests share runs, within a number of
 * rows.
 */
export class Probe {
  readonly #call: ExplainCall;
  readonly #scorer: Scorer;
  #evaluations = 0;
  /** Rows that there will be at most, those that it was asked among them. */
  #expected: number;

  constructor(call: ExplainCall, scorer: Scorer) {
    this.#call = call;
    this.#scorer = scorer;
    this.#expected = call.options.maxEvaluations;
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
   * The scores of what each maker gives, in order; they are asked one after the other, as their turn comes. Rejects
   * with 400 past the number of rows, as an inference does, and with 504 once the caller left or the deadline passed.
   */
  async ask(makers: Iterable<() => Promise<readonly ItemInputs[]>>): Promise<readonly (readonly Probed[])[]> {
    const found: Probed[][] = [];
    let held: ItemInputs[] = [];
    let places: number[] = [];
    let bytes = 0;
    const run = async () => {
      const answered = await this.#run(held);
      for (const [at, probed] of answered.entries()) found[places[at] as number]?.push(probed);
      [held, places, bytes] = [[], [], 0];
    };
    for (const make of makers) {
      checkAsked(this.#call.context);
      const rows = await itemsInHand.run(make);
      for (const row of rows) {
        held.push(row);
        places.push(found.length);
        bytes += totalBytes(row.tensors);
      }
      found.push([]);
      if (held.length >= mostRows || bytes >= mostBytes) await run();
    }
    await run();
    return found;
  }

  async #run(rows: readonly ItemInputs[]): Promise<readonly Probed[]> {
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
    const scored: Probed[] = [];
    for (const [at, outputs] of answered.entries())
      scored.push({ outputs, scores: await this.#scorer.scores(rows[at] as ItemInputs, outputs) });
    return scored;
  }
}
