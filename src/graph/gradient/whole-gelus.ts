import { dataTypes } from '../data-types.ts';
import { GraphLinks } from '../graph-links.ts';
import { makeNode } from '../make-node.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { operatorOf } from '../operator-of.ts';

/**
 * A model whose GELUs in parts, x · (1 + erf(x / √2)) · 1/2 in whichever order its factors are, are single operators
 * again: the parts are what a file has of an opset before 20, each with a gradient of its own, and with values that are
 * kept for it.
 */
export function wholeGelus(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const links = new GraphLinks(graph);
  const isNear = (name: string | undefined, wanted: number) => isScalarNear(links.constants.get(name ?? ''), wanted);
  /** The node that makes a value which no other node reads. */
  const only = (value: string, operator: string) => {
    const node = links.readers(value)?.length === 1 ? links.maker(value) : undefined;
    return node && operatorOf(node) === operator ? node : undefined;
  };
  /** The other input of a node that has a scalar near `wanted` for one. */
  const beside = ({ inputs }: OnnxNode, wanted: number) => {
    const at = inputs.findIndex((name) => isNear(name, wanted));
    return at < 0 ? undefined : inputs[1 - at];
  };
  /** What x is of 1 + erf(x / √2). */
  const inside = (value: string) => {
    const sum = only(value, 'Add');
    const erf = only((sum && beside(sum, 1)) ?? '', 'Erf');
    const argument = erf?.inputs[0] ?? '';
    const [quotient, product] = [only(argument, 'Div'), only(argument, 'Mul')];
    if (quotient) return isNear(quotient.inputs[1], Math.SQRT2) ? quotient.inputs[0] : undefined;
    return product && beside(product, Math.SQRT1_2);
  };
  /** Of a product, also of three in which no other node reads the first. */
  const factors = ({ inputs }: OnnxNode): readonly string[] =>
    inputs.flatMap((name) => only(name, 'Mul')?.inputs ?? [name]);
  /** What x is where a node is the last part of a GELU. */
  const geluOf = (node: OnnxNode) => {
    if (operatorOf(node) !== 'Mul') return undefined;
    const all = factors(node);
    const half = all.findIndex((name) => isNear(name, 0.5));
    const [first = '', second = '', ...more] = all.filter((_name, at) => at !== half);
    if (half < 0 || more.length > 0) return undefined;
    if (inside(first) === second) return second;
    return inside(second) === first ? first : undefined;
  };
  // What is left of the parts leads nowhere, and is left out where gradients are made.
  const nodes = graph.nodes.map((node) => {
    const x = geluOf(node);
    return x ? makeNode('Gelu', [x], node.outputs, { name: node.name }) : node;
  });
  return { ...model, graph: { ...graph, nodes } };
}

/** Whether it is a scalar of FP32 near a number, within its digits; a list of one number may be a weight. */
function isScalarNear(tensor: OnnxTensor | undefined, wanted: number): boolean {
  const held = tensor?.dataType === dataTypes.FLOAT && tensor.shape.length === 0 ? tensor.data.held : undefined;
  const value = held && new DataView(held.buffer, held.byteOffset).getFloat32(0, true);
  return value !== undefined && Math.abs(value - wanted) <= 1e-6 * wanted;
}
