import type { Datatype } from './datatype.ts';
import type { Tensor } from './tensor.ts';

/** Parameters of a request, an input or an output: the protocol allows these three kinds of value. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

export type InputTensor = Tensor & { readonly name: string };

export interface RequestedOutput {
  readonly name: string;
  readonly parameters: Parameters;
}

/** An input whose data was uploaded. */
export interface InputReference {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** As its caller wrote it. */
  readonly contentRef: string;
}

/** A decoded infer request, whatever it came as. */
export interface InferenceRequest {
  readonly id?: string;
  readonly parameters: Parameters;
  readonly inputs: readonly InputTensor[];
  /** Absent: every output that is a tensor. */
  readonly outputs?: readonly RequestedOutput[];
}

/** An infer request as it was decoded: some of its inputs may still have to be fetched. */
export interface DecodedRequest extends InferenceRequest {
  /** The inputs that are not among `inputs` yet; absent: none. */
  readonly references?: readonly InputReference[];
}

export type OutputTensor = Tensor & { readonly name: string; readonly parameters?: Parameters };

/** An output whose data lies where its parameters say. */
export interface OutputReference {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly parameters: Parameters;
  readonly data?: undefined;
}

export interface InferenceResponse<Output = OutputTensor> {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly outputs: readonly Output[];
}
