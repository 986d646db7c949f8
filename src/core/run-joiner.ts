import type { Clock } from '../ports/clock.ts';
import type { Run, Session, SessionOutput } from '../ports/session.ts';
import { joinBytes } from '../protocol/join-bytes.ts';
import { rowsOf } from '../protocol/rows-of.ts';
import type { FixedTensor } from '../protocol/tensor.ts';
import type { InferenceContext } from './inference-context.ts';
import type { ModelVersion } from './model-version.ts';
import { runHere } from './run-here.ts';

/** What a request's run is over. */
export interface RunSize {
  /** Of each input; some, of fixed-size elements. */
  readonly rows: number;
  /** Of all inputs. */
  readonly bytes: number;
}

interface Waiting extends RunSize {
  readonly run: Run;
  readonly context: InferenceContext;
  readonly queuedMs: number;
  resolve(outputs: readonly SessionOutput[]): void;
  reject(error: unknown): void;
}

// More in one run would win little, and hold up whoever comes next.
const mostRows = 64;

/** Calls `work` once all that has arrived by now was handed on. */
export type AfterTurn = (work: () => void) => void;

/**
 * Joins short runs of one session: what arrives in one turn of the event loop shares a run, one request's rows after another's.
 *
 * Nobody waits for others to come. For versions alone whose rows are answered each for itself. Where a joined run fails, each
 * request has one of its own, so that one that is refused fails alone.
 */
export class RunJoiner {
  readonly #version: ModelVersion;
  readonly #clock: Clock;
  readonly #afterTurn: AfterTurn;
  #waiting: Waiting[] = [];

  constructor(version: ModelVersion, clock: Clock, afterTurn: AfterTurn) {
    this.#version = version;
    this.#clock = clock;
    this.#afterTurn = afterTurn;
  }

  /** The outputs for the rows of `run`. Rejects as the session does, with 504 where the deadline passed before it ran. */
  run(session: Session, run: Run, size: RunSize, context: InferenceContext): Promise<readonly SessionOutput[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#afterTurn(() => this.#runAll(session));
      this.#waiting.push({ ...size, run, context, queuedMs: this.#clock.now(), resolve, reject });
    });
  }

  #runAll(session: Session): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const group of groups(waiting)) this.#runGroup(session, group.filter(isInTime));
  }

  #runGroup(session: Session, group: readonly Waiting[]): void {
    if (group.length > 1) {
      try {
        const shares = share(group, this.#time(session, joinRuns(group), group));
        if (shares) {
          for (const [index, each] of group.entries()) each.resolve(shares[index] as readonly SessionOutput[]);
          return;
        }
      } catch {
        // Which of them it was shows below.
      }
    }
    for (const each of group) {
      try {
        each.resolve(this.#time(session, each.run, [each]));
      } catch (error) {
        each.reject(error);
      }
    }
  }

  #time(session: Session, run: Run, group: readonly Waiting[]): readonly SessionOutput[] {
    const startedMs = this.#clock.now();
    const { outputs, inferMs } = runHere(this.#version, session, run, this.#clock);
    const [first, ...others] = group;
    // What several took together says little of one.
    if (first && others.length === 0) this.#version.cost.observe(first.bytes, inferMs);
    for (const { context, queuedMs } of group) {
      context.times.queueMs = startedMs - queuedMs;
      context.times.inferMs = inferMs;
    }
    return outputs;
  }
}

/** Cuts what waits, in its order, into what can share a run. */
function groups(waiting: readonly Waiting[]): readonly Waiting[][] {
  const all: Waiting[][] = [];
  let rows = 0;
  for (const next of waiting) {
    const group = all.at(-1);
    rows += next.rows;
    if (group && rows <= mostRows && canJoin(group[0] as Waiting, next)) {
      group.push(next);
      continue;
    }
    all.push([next]);
    rows = next.rows;
  }
  return all;
}

function isInTime({ context, reject }: Waiting): boolean {
  try {
    context.checkDeadline();
    return true;
  } catch (error) {
    reject(error);
    return false;
  }
}

/** Whether both feed the same inputs, alike but for the number of rows, and ask for the same outputs. */
function canJoin(one: Waiting, other: Waiting): boolean {
  const { inputs, inputNames, outputNames } = one.run;
  return (
    areSame(inputNames, other.run.inputNames) &&
    areSame(outputNames, other.run.outputNames) &&
    inputs.every((input, index) => areSame(input.shape.slice(1), other.run.inputs[index]?.shape.slice(1) ?? []))
  );
}

function areSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}

function joinRuns(group: readonly Waiting[]): Run {
  const [{ run }] = group as [Waiting];
  const rows = group.reduce((sum, each) => sum + each.rows, 0);
  const inputs = run.inputs.map((input, index): FixedTensor => {
    const parts = group.map((each) => (each.run.inputs[index] as FixedTensor).data);
    return { ...(input as FixedTensor), shape: [rows, ...input.shape.slice(1)], data: joinBytes(parts) };
  });
  return { ...run, inputs };
}

/** To each its rows; undefined where an output has not as many as the inputs, which rows that are answered each for itself have. */
function share(group: readonly Waiting[], outputs: readonly SessionOutput[]): SessionOutput[][] | undefined {
  const rows = group.reduce((sum, each) => sum + each.rows, 0);
  if (outputs.some((output) => output.shape[0] !== rows)) return undefined;
  let from = 0;
  return group.map((each) => {
    const shares = outputs.map((output) => rowsOf(output, from, from + each.rows));
    from += each.rows;
    return shares;
  });
}
