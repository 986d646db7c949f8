import type { Tensor } from '../../protocol/tensor.ts';
import type { ModelVersion } from '../model-version.ts';
import { Turns } from '../turns.ts';

/** A sequence of requests under way. */
export class Sequence {
  /** The version that began it, which it stays with. */
  readonly version: ModelVersion;
  /** As messages name it. */
  readonly id: string;
  /** Rows of its requests: those of the first, for which its state was made. */
  readonly batch: number;
  /** Whose it is; undefined where callers need no key. */
  readonly caller: string | undefined;
  readonly turns = new Turns();
  /** As the next request is to find it; on the model's device, but for that of the first. */
  state: readonly Tensor[];
  bytes: number;
  /** Requests that run, or wait for those before them. */
  pending = 0;
  hasAnswered = false;
  isOver = false;
  cancelTimeout: (() => void) | undefined;
  /** Lets go of the session, which it holds while it may go on. */
  readonly release: () => void;

  constructor(
    version: ModelVersion,
    id: string,
    batch: number,
    { caller, state, bytes, release }: Pick<Sequence, 'caller' | 'state' | 'bytes' | 'release'>,
  ) {
    this.version = version;
    this.id = id;
    this.batch = batch;
    this.caller = caller;
    this.state = state;
    this.bytes = bytes;
    this.release = release;
  }
}
