import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';

/**
 * A model whose Scalers of scikit-learn, (x − offset) · scale, are made of ONNX's own operators, which gradients go
 * back through.
 */
export function plainScalers(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const names = new Names(model);
  const initializers = new Map(graph.initializers);
  const constant = (node: OnnxNode, attribute: string): string | undefined => {
    const values = node.attributes.get(attribute);
    if (values?.kind !== 'floats') return undefined;
    const name = names.fresh(`${node.outputs[0]}_${attribute}`);
    const data = new Uint8Array(Float32Array.from(values.value).buffer);
    initializers.set(name, makeTensor(name, dataTypes.FLOAT, [values.value.length], data));
    return name;
  };
  const nodes = graph.nodes.flatMap((node): readonly OnnxNode[] => {
    if (node.opType !== 'Scaler' || node.domain !== 'ai.onnx.ml') return [node];
    const [offset, scale] = [constant(node, 'offset'), constant(node, 'scale')];
    if (offset === undefined || scale === undefined) return [node];
    const moved = names.fresh(`${node.outputs[0]}_moved`);
    return [
      makeNode('Sub', [node.inputs[0] ?? '', offset], [moved], { name: moved }),
      makeNode('Mul', [moved, scale], node.outputs, { name: node.name }),
    ];
  });
  return { ...model, graph: { ...graph, nodes, initializers } };
}
