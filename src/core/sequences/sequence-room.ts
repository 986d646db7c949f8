import type { SequenceConfig } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** What a sequence takes of the room. */
export interface Occupant {
  /** Whose it is; undefined where callers need no key. */
  readonly caller: string | undefined;
  /** Of its state. */
  readonly bytes: number;
}

interface Taken {
  readonly count: number;
  readonly bytes: number;
}

const nothing: Taken = { count: 0, bytes: 0 };

/**
 * The room that the sequences of a model have, and what is taken of it.
 *
 * Callers with keys share it: what one has may not be more than what it leaves free, so that there is room for whoever
 * comes next. Only its first sequence may be as large as there is room.
 */
export class SequenceRoom {
  #all = nothing;
  readonly #byCaller = new Map<string, Taken>();

  /** Throws 503 where there is no room for a sequence, in the place of `before`, which the same caller has. */
  check({ maxSequences, maxBytes }: SequenceConfig, { caller, bytes }: Occupant, before?: Occupant): void {
    const all = without(this.#all, before);
    if (!before && all.count >= maxSequences) {
      throw noRoom(`${all.count} sequences are under way`, 'maxSequences');
    }
    if (all.bytes + bytes > maxBytes) {
      throw noRoom(`its state takes ${bytes} bytes, that of others ${all.bytes}, of ${maxBytes}`, 'maxBytes');
    }
    const own = without(this.#of(caller), before);
    if (own.count === 0) return;
    const share = 'a key may have no more than it leaves free for others';
    // What is there stays, however many have come since.
    if (!before && own.count + 1 > maxSequences - all.count - 1) {
      throw noRoom(`${all.count} sequences are under way, ${own.count} of this key; ${share}`, 'maxSequences');
    }
    if (bytes > (before?.bytes ?? 0) && own.bytes + bytes > maxBytes - all.bytes - bytes) {
      const others = `that of others ${all.bytes}, ${own.bytes} of them of this key, of ${maxBytes}`;
      throw noRoom(`its state takes ${bytes} bytes, ${others}; ${share}`, 'maxBytes');
    }
  }

  take(taker: Occupant): void {
    this.#change(taker, 1);
  }

  leave(taker: Occupant): void {
    this.#change(taker, -1);
  }

  #of(caller: string | undefined): Taken {
    return (caller === undefined ? undefined : this.#byCaller.get(caller)) ?? nothing;
  }

  #change({ caller, bytes }: Occupant, sign: 1 | -1): void {
    const changed = (taken: Taken) => ({ count: taken.count + sign, bytes: taken.bytes + sign * bytes });
    this.#all = changed(this.#all);
    if (caller === undefined) return;
    const own = changed(this.#of(caller));
    if (own.count > 0) this.#byCaller.set(caller, own);
    else this.#byCaller.delete(caller);
  }
}

function without(taken: Taken, one: Occupant | undefined): Taken {
  return one ? { count: taken.count - 1, bytes: taken.bytes - one.bytes } : taken;
}

function noRoom(reason: string, setting: string): ServiceError {
  return new ServiceError(503, `there is no room for the sequence: ${reason} (sequence.${setting} of model.json)`, {
    retryAfterSeconds: 1,
  });
}
