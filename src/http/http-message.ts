import type { Stages } from '../core/stages-of.ts';
import type { Action } from '../ports/authorize.ts';
import type { Served } from '../ports/served.ts';

/** A request, whatever host it came through: body read whole and decompressed, within the limits. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the base path and the query, still percent-encoded. */
  readonly path: string;
  /** What follows its '?', still percent-encoded; absent where there is none. */
  readonly query?: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  /** Unique to this request; sent back in `x-request-id`. */
  readonly requestId: string;
  /** Throws 403 where the caller's key is not good for a model, of those that the path does not name; absent: callers need none, or it was asked of them before. */
  readonly mayUse?: (model: string, action: Action) => void;
  /** Aborts when the caller has gone. */
  readonly gone: () => AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Name and value in turn. */
  readonly headers: readonly string[];
  readonly body: readonly Uint8Array[];
  /**
   * What follows the body, piece by piece as it comes about. Each piece leaves at once, uncompressed; the next is asked for as
   * the caller takes them. Where the caller leaves, `gone` aborts and the host ends it (`return`): one that was never asked for
   * a piece has nothing to let go of then. Absent: nothing follows.
   */
  readonly stream?: AsyncGenerator<Uint8Array, void>;
  /** How long the stages took, as Server-Timing has it; the host adds the total. */
  readonly timing?: string;
  /** The same of an inference, for traces. */
  readonly stages?: Stages;
  /** What answered an inference. */
  readonly served?: Served;
}
