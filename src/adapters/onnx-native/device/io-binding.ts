import koffi from 'koffi';
import type { Api } from '../api.ts';
import { check } from '../check.ts';
import type { Memory, Pointer } from '../native-types.ts';

/**
 * What a run takes, and where it leaves what it gives. Holds the values that were bound until `release`, so that their
 * owners may let go of them; memory of JavaScript under a value has to be held besides.
 *
 * What lies in the processor's memory and is to go to a device sets out as it is bound; a run waits until it is there.
 */
export class IoBinding {
  readonly #api: Api;
  readonly #session: Pointer;
  readonly #binding: Pointer;

  constructor(api: Api, session: Pointer) {
    const out = new BigUint64Array(1);
    check(api, api.createIoBinding(session, out));
    this.#api = api;
    this.#session = session;
    this.#binding = out[0] as Pointer;
  }

  bindInput(name: string, value: Pointer): void {
    check(this.#api, this.#api.bindInput(this.#binding, name, value));
  }

  /** Has an output written into a value, whose shape it has. */
  bindOutput(name: string, value: Pointer): void {
    check(this.#api, this.#api.bindOutput(this.#binding, name, value));
  }

  /** Leaves an output in memory of `memoryInfo`, whatever its shape. */
  leaveOutput(name: string, memoryInfo: Pointer): void {
    check(this.#api, this.#api.bindOutputToDevice(this.#binding, name, memoryInfo));
  }

  /** Runs on this thread. */
  call(): Pointer | null {
    return (
      this.#api.synchronizeBoundInputs(this.#binding) ?? this.#api.runWithBinding(this.#session, null, this.#binding)
    );
  }

  /** Runs on another thread. The binding must be kept until the promise settles. */
  async callAsync(options: Memory): Promise<Pointer | null> {
    const { synchronizeBoundInputs, runWithBinding } = this.#api;
    const failed = await new Promise<Pointer | null>((resolve, reject) => {
      synchronizeBoundInputs.async(this.#binding, (error, status) => (error ? reject(error) : resolve(status)));
    });
    if (failed) return failed;
    return new Promise((resolve, reject) => {
      runWithBinding.async(this.#session, options, this.#binding, (error, status) =>
        error ? reject(error) : resolve(status),
      );
    });
  }

  /** Values of the outputs, in the order in which they were bound; each is the caller's. */
  outputs(): readonly Pointer[] {
    const out = new BigUint64Array(2);
    const { allocator } = this.#api;
    check(this.#api, this.#api.getBoundOutputValues(this.#binding, allocator, out, out.subarray(1)));
    const [values, count] = out as unknown as [Pointer, bigint];
    if (count === 0n) return [];
    const found: readonly Pointer[] = koffi.decode(values, 'void *', Number(count));
    check(this.#api, this.#api.allocatorFree(allocator, values));
    return found;
  }

  release(): void {
    this.#api.releaseIoBinding(this.#binding);
  }
}
