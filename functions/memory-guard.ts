export interface MemoryGuardOptions {
  /** Bytes over which the environment holds too much. */
  readonly maxBytes: number;
  /** Bytes that the process holds, without the pages of files that the system can drop. */
  readonly heldBytes: () => number;
  /** Lets go of idle models until `isEnough`. */
  readonly releaseIdle: (isEnough: () => boolean) => Promise<void>;
  /** Ends the process. */
  readonly exit: () => void;
  readonly warn: (fields: object, message: string) => void;
}

/**
 * Keeps an environment from running out of memory, for which Lambda would kill it in the middle of a request.
 *
 * The process never ends after an answer, nor idle: the next request would meet a process that is gone, and fail
 * (docs/decisions/0012). It ends where nobody waits: in a warm-up event.
 */
export class MemoryGuard {
  readonly #options: MemoryGuardOptions;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
  }

  /** To be called with each answer: makes room where too much is held. */
  async relieve(): Promise<void> {
    const { maxBytes, heldBytes, releaseIdle, warn } = this.#options;
    const before = heldBytes();
    if (before <= maxBytes) return;
    await releaseIdle(() => heldBytes() <= maxBytes);
    warn({ before, after: heldBytes(), maxBytes }, 'the environment held too much memory and let go of idle models');
  }

  /** To be called in a warm-up event: makes way for a new environment where letting go of models was not enough. */
  async renew(): Promise<void> {
    await this.relieve();
    const { maxBytes, heldBytes, exit, warn } = this.#options;
    const held = heldBytes();
    if (held <= maxBytes) return;
    warn({ held, maxBytes }, 'the environment holds too much memory and gives way to a new one');
    exit();
  }
}
