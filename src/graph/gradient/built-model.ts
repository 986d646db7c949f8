import { heldBytes } from '../held-bytes.ts';
import type { OnnxModel, OnnxValue } from '../onnx-model.ts';
import { endsLast } from './ends-last.ts';
import type { GraphBuilder } from './graph-builder.ts';

const opset = 20;
/** The version of the format that goes with opset 20. Source: ONNX, Versioning.md. */
const irVersion = 9;
const none = heldBytes(new Uint8Array());

/** A model of what a builder has put together; of `origin` are the operators that are not ONNX's own. */
export function builtModel(
  { nodes, initializers }: Pick<GraphBuilder, 'nodes' | 'initializers'>,
  inputs: readonly OnnxValue[],
  outputs: readonly OnnxValue[],
  origin?: OnnxModel,
): OnnxModel {
  const opsets = new Map(origin?.opsets).set('', Math.max(opset, origin?.opsets.get('') ?? 0));
  return {
    irVersion: Math.max(irVersion, origin?.irVersion ?? 0),
    producerName: 'tensorgate',
    producerVersion: '',
    opsets,
    graph: {
      name: 'training',
      nodes: endsLast(nodes),
      initializers,
      sparseInitializers: [],
      inputs,
      outputs,
      values: [],
      extra: none,
    },
    functions: origin?.functions ?? [],
    training: [],
    metadata: new Map(),
    extra: none,
  };
}
