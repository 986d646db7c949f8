import type { SequenceConfig } from '../../ports/model-store.ts';
import type { Run, Session, SessionOutput } from '../../ports/session.ts';
import type { Timers } from '../../ports/timers.ts';
import type { Parameters } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { totalBytes } from '../../protocol/total-bytes.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import { endedBy } from '../ended-by.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { releaseHeld } from '../release-held.ts';
import { untilAborted } from '../until-aborted.ts';
import { batchOf } from './batch-of.ts';
import { initialState } from './initial-state.ts';
import { readSequence, type SequenceRequest } from './read-sequence.ts';
import { Sequence } from './sequence.ts';
import { SequenceRoom } from './sequence-room.ts';

type Outputs = readonly SessionOutput[];

/** A request of a model that keeps state, without that state. */
export interface StatefulRun {
  readonly version: ModelVersion;
  readonly config: SequenceConfig;
  readonly session: Session;
  readonly run: Run;
  readonly parameters: Parameters;
  readonly context: InferenceContext;
  /** Runs it, once it has its state. */
  work(run: Run): Promise<Outputs>;
}

/** Sequences that ended by their timeout, so that their callers are told. */
const mostRemembered = 1000;

/**
 * The sequences of a model, of all its versions, and the state of each.
 *
 * One belongs to the caller that began it: the same id of two callers names two. Callers that need no key are one.
 * Requests of one sequence run one after the other, as they came; one that fails leaves the state as it was. A sequence
 * stays with the version that began it, whose session it holds, until its last request, or until none came for a while.
 */
export class Sequences {
  readonly #live = new Map<string, Sequence>();
  // A Set keeps insertion order.
  readonly #timedOut = new Set<string>();
  readonly #timers: Timers;
  readonly #room = new SequenceRoom();
  readonly #hold: (version: ModelVersion) => () => void;

  /** @param hold keeps the session of a version until the function that comes back is called */
  constructor(timers: Timers, hold: (version: ModelVersion) => () => void) {
    this.#timers = timers;
    this.#hold = hold;
  }

  /** The version that began the sequence which a request goes on with; undefined where it goes on with none. */
  versionOf(parameters: Parameters, caller: string | undefined): ModelVersion | undefined {
    const { key, isStart } = readSequence(parameters, caller);
    return isStart ? undefined : this.#live.get(key)?.version;
  }

  /**
   * The outputs of a run with the state of its sequence. Rejects with 400 where there is no such sequence, 503 where
   * there is no room for one, and as the run.
   */
  async run(request: StatefulRun): Promise<Outputs> {
    const { parameters, context } = request;
    const named = readSequence(parameters, context.caller);
    const sequence = named.isStart ? this.#begin(named, request) : this.#find(named, request);
    sequence.cancelTimeout?.();
    sequence.pending += 1;
    const waits = sequence.pending > 1;
    const signal = waits ? context.signal() : undefined;
    // All of it within the turn: the next request is to find what became of this one.
    const turn = sequence.turns.take(async () => {
      try {
        const outputs = await this.#step(named.key, sequence, request, signal);
        if (named.isEnd) this.#end(named.key, sequence);
        return outputs;
      } finally {
        this.#leave(named.key, sequence);
      }
    });
    if (!signal) return turn;
    return untilAborted(turn, signal, `sequence ${named.id} is still busy with requests before`).catch((error) => {
      throw endedBy(signal, error);
    });
  }

  #begin({ key, id }: SequenceRequest, { version, config, session, run, context }: StatefulRun): Sequence {
    const before = this.#live.get(key);
    const batch = batchOf(session.inputs, run);
    const { bytes, make } = initialState(config, session.inputs, batch);
    const { caller } = context;
    this.#room.check(config, { caller, bytes }, before);
    // First, as it fails where there is no memory for it.
    const state = make();
    // As Triton does: whoever begins it anew has given up the one before.
    if (before) this.#end(key, before);
    this.#timedOut.delete(key);
    const release = this.#hold(version);
    const sequence = new Sequence(version, id, batch, { caller, state, bytes, release });
    this.#live.set(key, sequence);
    this.#room.take(sequence);
    return sequence;
  }

  #find({ key, id }: SequenceRequest, { version, config }: StatefulRun): Sequence {
    const sequence = this.#live.get(key);
    if (sequence?.version === version) return sequence;
    throw this.#timedOut.has(key)
      ? new ServiceError(
          400,
          `sequence ${id} of model '${version.name}' was ended, as no request came for ${config.idleTimeoutMs} ms (sequence.idleTimeoutMs of model.json); begin it anew with sequence_start: true`,
        )
      : notUnderWay(id, version);
  }

  async #step(
    key: string,
    sequence: Sequence,
    request: StatefulRun,
    signal: AbortSignal | undefined,
  ): Promise<Outputs> {
    const { session, run, config } = request;
    if (signal?.aborted) throw cancelledRequest();
    if (sequence.isOver) throw notUnderWay(sequence.id, sequence.version);
    const batch = batchOf(session.inputs, run);
    if (batch !== sequence.batch) {
      throw new ServiceError(
        400,
        `sequence ${sequence.id} began with a batch of ${sequence.batch}, got one of ${batch}`,
      );
    }
    const count = run.outputNames.length;
    const outputs = await request.work({
      inputNames: [...run.inputNames, ...config.state.map(({ input }) => input)],
      inputs: [...run.inputs, ...sequence.state],
      outputNames: [...run.outputNames, ...config.state.map(({ output }) => output)],
      ...(session.device !== undefined && {
        stays: [...run.outputNames.map(() => false), ...config.state.map(() => true)],
      }),
    });
    const state = outputs.slice(count);
    try {
      // Its caller was told already that it did not run.
      if (signal?.aborted) throw cancelledRequest();
      this.#keep(key, sequence, config, state);
    } finally {
      if (sequence.state !== state) releaseHeld(state);
    }
    return outputs.slice(0, count);
  }

  #keep(key: string, sequence: Sequence, config: SequenceConfig, state: Outputs): void {
    // Another took its place.
    if (sequence.isOver) return;
    const bytes = totalBytes(state);
    try {
      this.#room.check(config, { caller: sequence.caller, bytes }, sequence);
    } catch (error) {
      this.#end(key, sequence);
      throw error;
    }
    this.#room.leave(sequence);
    releaseHeld(sequence.state);
    sequence.state = state;
    sequence.bytes = bytes;
    this.#room.take(sequence);
    sequence.hasAnswered = true;
  }

  /** After a request, however it went: a sequence whose first one failed has not begun. */
  #leave(key: string, sequence: Sequence): void {
    sequence.pending -= 1;
    if (!sequence.hasAnswered) this.#end(key, sequence);
    if (sequence.pending > 0) return;
    // While a request is under way its run may need the state.
    if (sequence.isOver) releaseHeld(sequence.state);
    else {
      const ms = sequence.version.config.sequence?.idleTimeoutMs as number;
      sequence.cancelTimeout = this.#timers.after(ms, () => {
        this.#end(key, sequence);
        this.#remember(key);
      });
    }
  }

  #end(key: string, sequence: Sequence): void {
    if (sequence.isOver) return;
    sequence.isOver = true;
    this.#live.delete(key);
    this.#room.leave(sequence);
    sequence.cancelTimeout?.();
    if (sequence.pending === 0) releaseHeld(sequence.state);
    sequence.release();
  }

  #remember(key: string): void {
    this.#timedOut.add(key);
    for (const oldest of this.#timedOut) {
      if (this.#timedOut.size <= mostRemembered) return;
      this.#timedOut.delete(oldest);
    }
  }
}

function notUnderWay(id: string, { name }: ModelVersion): ServiceError {
  return new ServiceError(
    400,
    `sequence ${id} of model '${name}' is not under way: it has not started, or has ended; its first request needs sequence_start: true`,
  );
}
