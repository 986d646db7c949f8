import { onnxElementTypes } from './onnx-element-types.ts';
import type { OnnxMessage } from './onnx-message.ts';
import type { OnnxValue } from './onnx-summary.ts';

/** Datatype and shape that a TypeProto tells. */
export function describeType(type: OnnxMessage | undefined): Omit<OnnxValue, 'name'> {
  const [tensor] = type?.messages(1) ?? [];
  if (tensor) return describeTensor(tensor);
  const [sequence] = type?.messages(4) ?? [];
  if (sequence) return { datatype: `sequence(${describeType(sequence.messages(1)[0]).datatype})` };
  const [map] = type?.messages(5) ?? [];
  if (map) return { datatype: `map(${elementName(map.number(1))}, ${describeType(map.messages(2)[0]).datatype})` };
  const [optional] = type?.messages(9) ?? [];
  if (optional) return { datatype: `optional(${describeType(optional.messages(1)[0]).datatype})` };
  const [sparse] = type?.messages(8) ?? [];
  if (sparse) return { datatype: `sparse(${elementName(sparse.number(1))})` };
  return { datatype: 'unknown' };
}

function describeTensor(tensor: OnnxMessage): Omit<OnnxValue, 'name'> {
  const datatype = elementName(tensor.number(1));
  const [shape] = tensor.messages(2);
  return shape ? { datatype, shape: shape.messages(1).map(size) } : { datatype };
}

function size(dimension: OnnxMessage): number | string {
  // Some converters write a free dimension as -1.
  const isFixed = dimension.hasNumber(1) && dimension.number(1) >= 0;
  return isFixed ? dimension.number(1) : dimension.text(2);
}

function elementName(type: number): string {
  return onnxElementTypes[type]?.[0] ?? 'unknown';
}
