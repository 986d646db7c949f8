/** What a field is to the reader: a number or a text to keep, data whose length counts, or a message of some kind. */
export type FieldRole = 'number' | 'text' | 'data' | MessageKind;

export type MessageKind =
  | 'model'
  | 'graph'
  | 'function'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'sparse'
  | 'value'
  | 'type'
  | 'tensorType'
  | 'shape'
  | 'dimension'
  | 'container'
  | 'map'
  | 'opset'
  | 'entry';

/** The fields of onnx.proto3 that the reader looks at, by message and field number; it skips the others unread. */
export const onnxMessages: Readonly<Record<MessageKind, Readonly<Record<number, FieldRole>>>> = {
  model: { 1: 'number', 2: 'text', 3: 'text', 7: 'graph', 8: 'opset', 14: 'entry', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 4: 'text', 5: 'attribute', 7: 'text' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: { 1: 'number', 2: 'number', 6: 'data', 8: 'text', 13: 'entry', 14: 'number' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  value: { 1: 'text', 2: 'type' },
  type: { 1: 'tensorType', 4: 'container', 5: 'map', 8: 'tensorType', 9: 'container' },
  tensorType: { 1: 'number', 2: 'shape' },
  shape: { 1: 'dimension' },
  dimension: { 1: 'number', 2: 'text' },
  container: { 1: 'type' },
  map: { 1: 'number', 2: 'type' },
  opset: { 1: 'text', 2: 'number' },
  entry: { 1: 'text', 2: 'text' },
};
