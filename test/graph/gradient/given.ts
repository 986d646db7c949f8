import type { OnnxNode, OnnxTensor } from '../../fakes/onnx-builder.ts';
import type { GivenValue } from './gradient-error.ts';
import { randoms } from './tensors.ts';

/** The node whose output is differentiated. */
export function node(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): OnnxNode {
  return { op, inputs, outputs: ['y'], attributes };
}

/** Numbers between `least` and `most`. */
export function value(shape: readonly number[], least = -1, most = 1, seed = 1): GivenValue {
  return { shape, values: randoms(shape, least, most, seed) };
}

/** A constant of whole numbers, a list where no shape is given. */
export function longs(name: string, values: readonly number[], shape: readonly number[] = [values.length]): OnnxTensor {
  return { name, datatype: 'INT64', shape, data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) };
}
