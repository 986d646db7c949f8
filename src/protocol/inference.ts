import type { Tensor } from './tensor.ts';

/** Parameters of a request, an input or an output: the protocol allows these three kinds of value. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

export type InputTensor = Tensor & { readonly name: string };

export interface RequestedOutput {
  readonly name: string;
  readonly parameters: Parameters;
}

/** A decoded infer request, whatever it came as. */
export interface InferenceRequest {
  readonly id?: string;
  readonly parameters: Parameters;
  readonly inputs: readonly InputTensor[];
  /** Absent: every output that is a tensor. */
  readonly outputs?: readonly RequestedOutput[];
}

export type OutputTensor = Tensor & { readonly name: string; readonly parameters?: Parameters };

export interface InferenceResponse {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly outputs: readonly OutputTensor[];
}
