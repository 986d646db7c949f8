import type { BenchModel } from '../models/bench-model.ts';
import type { StartedServer } from '../processes/start-server.ts';
import type { Requirements } from './set-up-python.ts';

export type StartedPeer = Pick<StartedServer, 'child' | 'port'>;

/** What a peer may make of a batch. */
export interface BatchSize {
  /** Requests of one row that may share a run. */
  readonly rows: number;
  /** Of all runs together. */
  readonly threads: number;
}

/** A model server that batches requests, to be measured beside ours. */
export interface ServerPeer {
  /** With its version, and what it calls its batching. */
  readonly name: string;
  readonly requirements: Requirements;
  /** Whether tensors can be sent to it other than as JSON. */
  readonly hasBinary: boolean;
  /**
   * Starts it with `model` alone, by the Python of its environment; it answers when this returns. Rejects where it does
   * not.
   */
  start(python: string, model: BenchModel, size: BatchSize): Promise<StartedPeer>;
  /** The whole HTTP request to run `model` on its input. */
  request(model: BenchModel, form: 'json' | 'binary'): Buffer;
  /** The values of the output in an answer as JSON. */
  outputOf(answer: Buffer): readonly number[];
}
