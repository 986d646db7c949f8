import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, SparseTensor } from './onnx-model.ts';

/** What is told of each graph, node, attribute and tensor of a model. */
export interface ModelVisitor {
  graph?(graph: OnnxGraph): void;
  node?(node: OnnxNode): void;
  attribute?(attribute: OnnxAttribute): void;
  tensor?(tensor: OnnxTensor): void;
}

/** Visits all of a model: its graph, the graphs within, its functions, and what it says of training. */
export function visitModel(model: OnnxModel, visitor: ModelVisitor): void {
  const graph = (each: OnnxGraph): void => {
    const { nodes, initializers, sparseInitializers } = each;
    visitor.graph?.(each);
    nodes.forEach(node);
    for (const tensor of initializers.values()) visitor.tensor?.(tensor);
    sparseInitializers.forEach(sparse);
  };
  const sparse = ({ values, indices }: SparseTensor): void => {
    if (values) visitor.tensor?.(values);
    if (indices) visitor.tensor?.(indices);
  };
  const node = (each: OnnxNode): void => {
    visitor.node?.(each);
    for (const one of each.attributes.values()) attribute(one);
  };
  const attribute = (each: OnnxAttribute): void => {
    visitor.attribute?.(each);
    if (each.kind === 'tensor') visitor.tensor?.(each.value);
    else if (each.kind === 'graph') graph(each.value);
    else if (each.kind === 'parts')
      for (const part of each.value) {
        if ('tensor' in part) visitor.tensor?.(part.tensor);
        else if ('graph' in part) graph(part.graph);
        else sparse(part.sparse);
      }
  };
  graph(model.graph);
  for (const { nodes, attributes } of model.functions) {
    nodes.forEach(node);
    for (const one of attributes.values()) attribute(one);
  }
  for (const { initialization, algorithm } of model.training) {
    if (initialization) graph(initialization);
    if (algorithm) graph(algorithm);
  }
}
