import type { FixedTensor, HeldData, Tensor, TensorKind } from '../protocol/tensor.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { Decoder, DecoderLayout } from './decoder.ts';
import type { GpuSettings } from './execution.ts';

/** An output that is no tensor and has no form as one (a sequence of tensors, say), with the reason. */
export interface UnservableOutput {
  readonly name: string;
  readonly reason: string;
}

/** An output; a sequence of maps (scikit-learn's ZipMap) comes as a matrix of values, with the keys of its columns. */
export type SessionOutput = Tensor & { readonly keys?: readonly string[] };

/** One run of a session. */
export interface Run {
  /** A tensor for each input that is fed, in the order of `inputNames`. */
  readonly inputs: readonly Tensor[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Memory of the caller that outputs are written to, in the order of `outputNames`, each of the shape that it will
   * have; undefined where an output is to have memory of its own. It may be that of an input where the model can bear
   * that: nothing reads the input once the output is written. It may be that of a `PlacedTensor` of the session's
   * device.
   */
  readonly into?: readonly (FixedTensor | undefined)[];
  /**
   * Which outputs, in the order of `outputNames`, are to stay in the memory of the session's device: they come with
   * `held`, which is to be released. Those that cannot come as they do else.
   */
  readonly stays?: readonly boolean[];
  /**
   * The priority that the request's caller named, for what hands the run on to a queue of another model. @default none
   */
  readonly priority?: number;
  /**
   * Whether this object is run again and again, one run after the other, over the same memory, of `into` too: what
   * stands for it in the engine is then made once, and kept until the session is released; not where values lie on a
   * device. @default false
   */
  readonly lasts?: boolean;
}

/**
 * A tensor that lies in the memory of a session's device, and stays there from run to run: whoever asked for it
 * releases `held`.
 */
export interface PlacedTensor extends FixedTensor {
  readonly held: HeldData;
  /** Copies what is here in its place. */
  write(data: Uint8Array): void;
  /** Copies it from there, as it is now. */
  readInto(data: Uint8Array): void;
  /**
   * Some of its elements, from `start` on, as a tensor over the same memory, which is there until this one is released;
   * it is to be released too.
   */
  part(start: number, shape: readonly number[]): PlacedTensor;
}

/**
 * A loaded model, ready to run; shared by all callers.
 *
 * Rejects with ServiceError 400 where the runtime refuses the inputs, 504 where the run was cancelled,
 * 500 where it failed. Input data must not change until the run has ended.
 */
export interface Session {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly unservable: readonly UnservableOutput[];
  /**
   * Names that the model has for the dimensions of inputs with free ones, by input; '' for one that has none. What has
   * one name is of one size. Absent where the engine cannot tell.
   */
  readonly dimensionNames?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Why it runs on the processor though a GPU was asked for first. */
  readonly whyNotCuda?: string | undefined;
  /**
   * Where tensors can stay between its runs and those of others there: `cuda:0`, say. Absent: they all pass through the
   * processor's memory.
   */
  readonly device?: string | undefined;
  /**
   * Runs on the calling thread: quickest where a run is shorter than a hop to another thread. Absent where the engine
   * cannot.
   */
  runSync?(run: Run): readonly SessionOutput[];
  /** Runs on another thread; `signal` ends the run while it is under way. */
  run(run: Run, signal?: AbortSignal): Promise<readonly SessionOutput[]>;
  /**
   * Memory of the session's device for such a tensor, as it comes. Throws an Error where there is no `device`. Absent
   * where the engine has none.
   */
  place?(like: TensorKind): PlacedTensor;
  /**
   * The model as a decoder whose caches stay in native memory, and may take so many bytes together; they are released
   * before the session is. Absent where the engine cannot.
   */
  openDecoder?(layout: DecoderLayout, cacheBytes: number): Promise<Decoder>;
  /** Frees the memory, once runs under way have ended. Never rejects. */
  release(): Promise<void>;
}

/** How a session uses a GPU. */
export interface CudaOptions extends GpuSettings {
  /** It runs on the processor where the GPU cannot be had; else it is not opened. */
  readonly orCpu: boolean;
}

export interface SessionOptions {
  /** Threads that one run may use. */
  readonly intraOpThreads: number;
  /**
   * Threads of a run wait for one another without sleeping, which takes their processors from all else. @default false
   */
  readonly spinning?: boolean;
  /**
   * Memory of a run is laid out as that of the last one of the same shapes, which is quicker, and holds what that one
   * took besides. @default true
   */
  readonly plansMemory?: boolean;
  /** The model was prepared for this machine: it is opened as it is, without being optimized again. */
  readonly isPrepared?: boolean;
  /**
   * The model goes on with tokens, by caches: where it can, its decoder need not make the logits of all tokens.
   * @default false
   */
  readonly isDecoder?: boolean;
  /** Run on a GPU. @default on the processor */
  readonly cuda?: CudaOptions | undefined;
}

/** Opens the `model.onnx` at an absolute path. Rejects with an Error whose message says why the runtime refused it. */
export type OpenSession = (path: string, options: SessionOptions) => Promise<Session>;
