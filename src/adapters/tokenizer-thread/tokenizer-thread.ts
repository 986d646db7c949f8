import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Slots } from '../../core/slots.ts';
import { untilAborted } from '../../core/until-aborted.ts';
import type { ThreadQuestion } from './run-tokenizer.ts';

const program = new URL('./run-tokenizer.ts', import.meta.url);
const usualIdleMs = 60_000;
const purpose = 'the tokens of the prompt were not found';

/**
 * Finds the tokens of long texts on a thread of its own, one after the other: the package does it in one piece, six
 * seconds for a megabyte. The thread begins with the first of them, and ends once there was none for a while.
 */
export class TokenizerThread {
  readonly #json: string;
  readonly #idleMs: number;
  readonly #one = new Slots(1);
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @param json the text of a tokenizer.json */
  constructor(json: string, idleMs: number = usualIdleMs) {
    this.#json = json;
    this.#idleMs = idleMs;
  }

  /** Whether there is a thread. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * The tokens of a text; `isWhole`: with those that are put around one. Rejects with 504 once `signal` aborts, and the
   * work ends at once.
   */
  encode(text: string, isWhole: boolean, signal: AbortSignal): Promise<readonly number[]> {
    return this.#one.run(async () => {
      clearTimeout(this.#idle);
      await untilAborted(Promise.resolve(), signal, purpose);
      this.#worker ??= new Worker(program, { workerData: this.#json });
      const worker = this.#worker;
      worker.ref();
      try {
        worker.postMessage({ text, isWhole } satisfies ThreadQuestion);
        const [ids] = await untilAborted(once(worker, 'message'), signal, purpose);
        return Array.from(ids as Uint32Array);
      } catch (error) {
        await this.#end();
        throw error;
      } finally {
        worker.unref();
        this.#idle = setTimeout(() => void this.#end(), this.#idleMs).unref();
      }
    });
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
