import { onePiece } from '../../core/one-piece.ts';
import { utcDay } from '../../core/utc-day.ts';
import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { ServiceLog } from '../service-log.ts';

export interface BodySamplesOptions {
  /** The files of `.audit`. */
  readonly store: ObjectStore;
  /** The name of this process. */
  readonly host: string;
  /** Of calls whose inputs are kept, from 0 to 1. */
  readonly share: number;
  /** Bytes of inputs that wait to be written. */
  readonly mostBytes: number;
  readonly log: ServiceLog;
  readonly now: () => Date;
  readonly random: () => number;
}

interface Body {
  readonly key: string;
  readonly body: Uint8Array;
}

/**
 * Keeps the inputs of a share of the calls that a model answered, each as an object of `bodies/<day>/<host>/`: apart
 * from the chains, so that they can be deleted sooner.
 */
export class BodySamples {
  readonly #options: BodySamplesOptions;
  #waiting: Body[] = [];
  #bytes = 0;
  #kept = 0;

  constructor(options: BodySamplesOptions) {
    this.#options = options;
  }

  /**
   * Keeps the input of a call, if it is one of them; what a line of the audit log is to have of it: where it is, or
   * that there was no room for it.
   */
  keep({ served, body }: AnsweredCall): { readonly body?: string } {
    const { host, share, random, mostBytes, now } = this.#options;
    if (!served || body.length === 0 || random() >= share) return {};
    if (this.#bytes + body.length > mostBytes) return { body: 'not kept: too much waits to be written' };
    this.#kept += 1;
    const key = `bodies/${utcDay(now())}/${host}/${this.#kept}`;
    this.#waiting.push({ key, body });
    this.#bytes += body.length;
    return { body: `.audit/${key}` };
  }

  /** Writes what waits. Never rejects: of what cannot be written the log says so, and it is let go of. */
  async flush(): Promise<void> {
    const bodies = this.#waiting;
    this.#waiting = [];
    for (const { key, body } of bodies) {
      try {
        await this.#options.store.create(key, onePiece(body));
      } catch (error) {
        this.#options.log.error({ err: error, key }, 'an input that the audit log names could not be kept');
      }
      this.#bytes -= body.length;
    }
  }
}
