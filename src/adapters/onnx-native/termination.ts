import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/**
 * The runtime's options for one run, through which `signal` ends it: at once where it has not begun, else between two
 * nodes.
 */
export class Termination {
  readonly options: Pointer;
  readonly #api: Api;
  readonly #signal: AbortSignal;
  readonly #terminate: () => void;

  constructor(api: Api, signal: AbortSignal) {
    const out = new BigUint64Array(1);
    check(api, api.createRunOptions(out));
    this.options = out[0] as Pointer;
    this.#api = api;
    this.#signal = signal;
    this.#terminate = () => check(api, api.runOptionsSetTerminate(this.options));
    signal.addEventListener('abort', this.#terminate, { once: true });
  }

  /** To be called once the run has ended. */
  release(): void {
    this.#signal.removeEventListener('abort', this.#terminate);
    this.#api.releaseRunOptions(this.options);
  }
}
