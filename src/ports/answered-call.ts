import type { Chosen, Served } from './served.ts';

/** A call as its host answered it: what the audit log and usage are made of. */
export interface AnsweredCall {
  /** `batch`: a part of a job over a file, as a whole. */
  readonly protocol: 'http' | 'grpc' | 'batch';
  /** Of HTTP its method, of gRPC the name of the service's, of a part of a job `Shard`. */
  readonly method: string;
  /** Of HTTP alone, without the query. */
  readonly path?: string;
  readonly requestId: string;
  /** The name of the key or principal that called; absent where nobody was asked for one, or none is known. */
  readonly caller?: string | undefined;
  /** As the protocol has it. */
  readonly status: number;
  /** From when it was received to when it was answered, a stream to its end. */
  readonly ms: number;
  /** Of that, how long it waited for its turn, and for its model to load. */
  readonly waitedMs: number;
  readonly served?: Served | undefined;
  /** Of one that failed: the version that it was for; absent where it came to none. */
  readonly chosen?: Chosen | undefined;
  /** Of one that was denied: the model that it was for, as the caller wrote it, as far as that was read. */
  readonly asked?: string | undefined;
  /** Of the request, decompressed; of one that was refused before it was read, empty. */
  readonly body: Uint8Array;
  /** Of the answer before it is compressed; of a stream, up to where it begins. */
  readonly answerBytes: number;
  /** What it failed on. */
  readonly error?: unknown;
}

/** Hears of each call once it is answered: nothing of it may take long, or throw. */
export type OnCall = (call: AnsweredCall) => void;
