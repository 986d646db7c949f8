import type { StoredBytes } from './stored-bytes.ts';

/**
 * An ONNX model as a value: nothing in it is changed, a pass gives another that shares what stays the same.
 *
 * Weights are not in memory (`OnnxTensor.data`). What a file has beyond what is named here is in `extra` of the message
 * that it was in: encoded protobuf fields, written back as they came. Source: onnx.proto3.
 */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  /** Domain → version of its operators; ONNX's own domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  readonly training: readonly TrainingInfo[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly extra: StoredBytes;
}

export interface OnnxGraph {
  readonly name: string;
  /** In an order in which they can run. */
  readonly nodes: readonly OnnxNode[];
  /** By name. */
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly sparseInitializers: readonly SparseTensor[];
  /** Some may be initializers too: these are defaults then. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** What the file says of values between nodes (`value_info`). */
  readonly values: readonly OnnxValue[];
  readonly extra: StoredBytes;
}

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** ONNX's own domain is ''. */
  readonly domain: string;
  /** An empty name stands for an optional input that is not given. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly extra: StoredBytes;
}

/**
 * An attribute of a node. One that was read is written as it came (`encoded`); a pass that changes one makes another
 * without.
 *
 * `parts` are lists of tensors and graphs, and sparse tensors, each with the number of its field. `other` is what is
 * not read: lists of more than 4,096 elements, types, references to attributes of a function.
 */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number; readonly encoded?: StoredBytes }
  | { readonly kind: 'ints'; readonly value: readonly number[]; readonly encoded?: StoredBytes }
  | { readonly kind: 'float'; readonly value: number; readonly encoded?: StoredBytes }
  | { readonly kind: 'floats'; readonly value: readonly number[]; readonly encoded?: StoredBytes }
  | { readonly kind: 'text'; readonly value: string; readonly encoded?: StoredBytes }
  | { readonly kind: 'texts'; readonly value: readonly string[]; readonly encoded?: StoredBytes }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor; readonly extra?: StoredBytes }
  | { readonly kind: 'graph'; readonly value: OnnxGraph; readonly extra?: StoredBytes }
  | { readonly kind: 'parts'; readonly value: readonly AttributePart[]; readonly extra: StoredBytes }
  | { readonly kind: 'other'; readonly floats: number; readonly encoded: StoredBytes };

export type AttributePart = { readonly field: number } & (
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph }
  | { readonly sparse: SparseTensor }
);

export interface OnnxTensor {
  readonly name: string;
  /** ONNX's number: 1 is FLOAT, 2 UINT8, 3 INT8, 6 INT32, 7 INT64, 10 FLOAT16, and so on. */
  readonly dataType: number;
  readonly shape: readonly number[];
  /**
   * The elements, little-endian and in a row, as in `raw_data`, whichever field the file has them in; texts (8) as
   * fields `string_data`. Of as many bytes as the shape asks for. Tensors of up to 1,024 bytes are in memory
   * (`data.held`).
   */
  readonly data: StoredBytes;
  /**
   * The file beside the model that the elements were read from, where they were in one. What is written depends on it
   * only where asked.
   */
  readonly location?: string;
  /** Where in that file they begin. */
  readonly offset?: number;
  readonly extra: StoredBytes;
}

export interface SparseTensor {
  readonly values: OnnxTensor | undefined;
  readonly indices: OnnxTensor | undefined;
  readonly extra: StoredBytes;
}

/** An input, an output or a value between nodes. One that was read is written as it came (`encoded`). */
export interface OnnxValue {
  readonly name: string;
  /** Absent where nothing is said, or where it is no tensor. */
  readonly type?: TensorType;
  readonly encoded?: StoredBytes;
}

export interface TensorType {
  readonly dataType: number;
  /**
   * A number is a fixed size, a name a free one, undefined one of which nothing is said. Absent: nothing is said of the
   * shape.
   */
  readonly shape?: readonly (number | string | undefined)[];
}

/** An operator that the file defines itself. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  /** Attributes that have a default. */
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly extra: StoredBytes;
}

export interface TrainingInfo {
  readonly initialization: OnnxGraph | undefined;
  readonly algorithm: OnnxGraph | undefined;
  readonly extra: StoredBytes;
}
