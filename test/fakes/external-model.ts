import { buildOnnx } from './onnx-builder.ts';

/** A model that adds a number from a file beside it. */
export function externalModel(location: string): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data: { location } }],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
  });
}
