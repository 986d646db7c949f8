import type { Stages } from '../core/stages-of.ts';
import type { Caller } from '../ports/caller.ts';
import type { Chosen, Served } from '../ports/served.ts';

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
  /**
   * Whose it is, and what they may do with models that the path does not name; absent: callers need no key, or not for
   * this.
   */
  readonly caller?: Caller;
  /** Aborts when the caller has gone. */
  readonly gone: () => AbortSignal;
  /** Hears of the version that answers, or fails to, as soon as that is known. @default nobody */
  readonly onChosen?: (chosen: Chosen) => void;
}

export interface HttpResponse {
  readonly status: number;
  /** Name and value in turn. */
  readonly headers: readonly string[];
  readonly body: readonly Uint8Array[];
  /**
   * What follows the body, piece by piece as it comes about. Each piece leaves at once, uncompressed; the next is asked
   * for as the caller takes them. Where the caller leaves, `gone` aborts and the host ends it (`return`): one that was
   * never asked for a piece has nothing to let go of then. Absent: nothing follows.
   */
  readonly stream?: AsyncGenerator<Uint8Array, void>;
  /** How long the stages took, as Server-Timing has it; the host adds the total. */
  readonly timing?: string;
  /** The same of an inference, for traces. */
  readonly stages?: Stages;
  /** What answered an inference. */
  readonly served?: Served;
  /** The version that failed to. */
  readonly chosen?: Chosen | undefined;
}
