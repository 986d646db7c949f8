import type { InferenceSession } from 'onnxruntime-node';
import type { Run, Session, SessionOutput, UnservableOutput } from '../../ports/session.ts';
import { modelUnloaded } from '../../protocol/model-unloaded.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { cancelledRun } from '../onnx-native/cancelled-run.ts';
import type { Signature } from '../onnx-native/read-signature.ts';
import { runFailure } from '../onnx-native/run-failure.ts';
import { RuntimeError } from '../onnx-native/runtime-error.ts';
import { fromBinding } from './from-binding.ts';
import { toBinding } from './to-binding.ts';

const fail = 1;
const invalidArgument = 2;
// The binding gives no error codes, so refused inputs are told by what the runtime says of them.
const refusal =
  /^(Got invalid dimensions|Invalid rank|Unexpected input data type|Invalid input name|Missing Input|not enough space)/;

/** A session of onnxruntime-node's binding. */
export class BindingSession implements Session {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly unservable: readonly UnservableOutput[];
  readonly dimensionNames: ReadonlyMap<string, readonly string[]>;
  readonly whyNotCuda: string | undefined;
  readonly #session: InferenceSession;
  #running = 0;
  #released: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(session: InferenceSession, signature: Signature, whyNotCuda?: string) {
    this.inputs = signature.inputs;
    this.outputs = signature.outputs;
    this.unservable = signature.unservable;
    this.dimensionNames = signature.dimensionNames;
    this.whyNotCuda = whyNotCuda;
    this.#session = session;
  }

  async run(run: Run, signal?: AbortSignal): Promise<readonly SessionOutput[]> {
    if (this.#released) throw modelUnloaded();
    if (signal?.aborted) throw cancelledRun(signal);
    this.#running += 1;
    try {
      const outputs = await this.#run(run);
      if (signal?.aborted) throw cancelledRun(signal);
      return outputs;
    } catch (error) {
      throw signal?.aborted ? cancelledRun(signal) : failure(error);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#whenIdle?.();
    }
  }

  release(): Promise<void> {
    this.#released ??= this.#free();
    return this.#released;
  }

  async #run({ inputs, inputNames, outputNames, into }: Run): Promise<readonly SessionOutput[]> {
    const feeds = Object.fromEntries(inputs.map((input, index) => [inputNames[index], toBinding(input)]));
    const results = await this.#session.run(feeds, outputNames);
    return outputNames.map((name, index) => {
      const [output, place] = [fromBinding(results[name]), into?.[index]];
      if (!place) return output;
      // The binding writes into tensors of its own class alone, which cannot be made of every datatype.
      place.data.set(output.data as Uint8Array);
      return place;
    });
  }

  async #free(): Promise<void> {
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#session.release().catch((error) => process.emitWarning(`a session was not released: ${error}`));
  }
}

function failure(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const message = (error as { message?: string } | undefined)?.message ?? String(error);
  const code = refusal.test(message) ? invalidArgument : fail;
  return runFailure(Object.assign(new RuntimeError(code, message), { cause: error }));
}
