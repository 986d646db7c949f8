import type { Datatype } from '../../src/protocol/datatype.ts';

/**
 * A graph input or output; `sequenceOfMaps` with the keys' datatype is what ZipMap gives, `sequence` one of tensors.
 */
export interface OnnxValue {
  readonly name: string;
  readonly datatype: Datatype;
  /** Numbers are fixed sizes, strings name free ones. Absent: nothing is said of the shape. */
  readonly shape?: readonly (number | string)[];
  readonly sequenceOfMaps?: 'INT64' | 'BYTES';
  readonly sequence?: boolean;
}

export interface OnnxTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Little-endian elements; strings for BYTES; or where a file beside the model holds them. */
  readonly data: Uint8Array | readonly string[] | { readonly location: string; readonly offset?: number };
}

/** A whole number is an INT, `{ float }` a FLOAT, an array of numbers INTS, `{ floats }` FLOATS. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers?: readonly OnnxTensor[];
  /** Default 17. `ai.onnx.ml` 3 and `com.microsoft` 1 are always imported. */
  readonly opset?: number;
}

// ONNX numbers its types as the runtime does.
const types: Readonly<Record<Datatype, number>> = {
  FP32: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BYTES: 8,
  BOOL: 9,
  FP16: 10,
  FP64: 11,
  UINT32: 12,
  UINT64: 13,
  BF16: 16,
};

/** Writes an ONNX model file (protobuf) for tests: small, by hand, without Python. */
export function buildOnnx(graph: OnnxGraph): Uint8Array {
  const opsets: [string, number][] = [
    ['', graph.opset ?? 17],
    ['ai.onnx.ml', 3],
    ['com.microsoft', 1],
  ];
  return Buffer.concat([
    integer(1, 8),
    bytes(2, 'tensorgate-test'),
    bytes(7, graphProto(graph)),
    ...opsets.map(([domain, version]) => bytes(8, bytes(1, domain), integer(2, version))),
  ]);
}

function graphProto(graph: OnnxGraph): Buffer {
  return Buffer.concat([
    ...graph.nodes.map((node) => bytes(1, nodeProto(node))),
    bytes(2, 'graph'),
    ...(graph.initializers ?? []).map((tensor) => bytes(5, tensorProto(tensor))),
    ...graph.inputs.map((value) => bytes(11, bytes(1, value.name), bytes(2, typeProto(value)))),
    ...graph.outputs.map((value) => bytes(12, bytes(1, value.name), bytes(2, typeProto(value)))),
  ]);
}

function nodeProto(node: OnnxNode): Buffer {
  return Buffer.concat([
    ...node.inputs.map((name) => bytes(1, name)),
    ...node.outputs.map((name) => bytes(2, name)),
    bytes(3, `${node.op}_${node.outputs[0]}`),
    bytes(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => bytes(5, bytes(1, name), attribute(value))),
    bytes(7, node.domain ?? ''),
  ]);
}

function attribute(value: OnnxAttribute): Buffer {
  if (typeof value === 'number') return Buffer.concat([integer(3, value), integer(20, 2)]);
  if (typeof value === 'string') return Buffer.concat([bytes(4, value), integer(20, 3)]);
  if (Array.isArray(value)) {
    const isText = typeof value[0] === 'string';
    const items = value.map((item) => (isText ? bytes(9, String(item)) : integer(8, Number(item))));
    return Buffer.concat([...items, integer(20, isText ? 8 : 7)]);
  }
  if ('float' in value) return Buffer.concat([float(2, value.float), integer(20, 1)]);
  if ('floats' in value) return Buffer.concat([...value.floats.map((item) => float(7, item)), integer(20, 6)]);
  if ('tensor' in value) return Buffer.concat([bytes(5, tensorProto(value.tensor)), integer(20, 4)]);
  if ('graph' in value) return Buffer.concat([bytes(6, graphProto(value.graph)), integer(20, 5)]);
  throw new TypeError('no such attribute');
}

function tensorProto(tensor: OnnxTensor): Buffer {
  const { data } = tensor;
  const content = [...tensor.shape.map((size) => integer(1, size)), integer(2, types[tensor.datatype])];
  content.push(bytes(8, tensor.name));
  if (data instanceof Uint8Array) content.push(bytes(9, data));
  else if ('location' in data) {
    content.push(bytes(13, bytes(1, 'location'), bytes(2, data.location)), integer(14, 1));
    content.push(bytes(13, bytes(1, 'offset'), bytes(2, String(data.offset ?? 0))));
  } else content.push(...data.map((text) => bytes(6, text)));
  return Buffer.concat(content);
}

function typeProto(value: OnnxValue): Buffer {
  if (value.sequenceOfMaps) {
    const element = bytes(2, tensorType(value.datatype));
    return bytes(4, bytes(1, bytes(5, integer(1, types[value.sequenceOfMaps]), element)));
  }
  const tensor = tensorType(value.datatype, value.shape);
  return value.sequence ? bytes(4, bytes(1, tensor)) : tensor;
}

function tensorType(datatype: Datatype, shape?: readonly (number | string)[]): Buffer {
  const sizes = shape?.map((size) => bytes(1, typeof size === 'number' ? integer(1, size) : bytes(2, size)));
  return bytes(1, integer(1, types[datatype]), ...(sizes ? [bytes(2, ...sizes)] : []));
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(BigInt(field << 3)), varint(BigInt.asUintN(64, BigInt(value)))]);
}

function float(field: number, value: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return Buffer.concat([varint(BigInt((field << 3) | 5)), content]);
}

function bytes(field: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const content = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(length)), ...content]);
}

function varint(value: bigint): Buffer {
  const content: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) content.push(Number(rest & 127n) | 128);
  content.push(Number(rest));
  return Buffer.from(content);
}
