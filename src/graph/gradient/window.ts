import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GraphBuilder } from './graph-builder.ts';

const { wholes, whole, text } = attributeOf;

/**
 * How the kernel of a convolution or pool slides, each a list with one number for each axis after rows and channels.
 */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
}

/**
 * The window of a node, whose kernel may be as large as that of its weight; a text where it is not known, which says
 * why.
 */
export function windowOf(graph: GraphBuilder, node: OnnxNode): Window | string {
  const [x = '', weight] = node.inputs;
  const shape = graph.type(x).shape;
  const kernel = wholes(node, 'kernel_shape') ?? (weight ? graph.type(weight).shape?.slice(2) : undefined);
  if (!shape || !kernel?.every((size) => typeof size === 'number'))
    return 'of values whose number of dimensions is not known';
  if (whole(node, 'ceil_mode')) return 'whose windows are rounded up (ceil_mode)';
  const strides = wholes(node, 'strides') ?? kernel.map(() => 1);
  const dilations = wholes(node, 'dilations') ?? kernel.map(() => 1);
  const plain = { kernel: kernel as readonly number[], strides, dilations };
  const auto = text(node, 'auto_pad') ?? 'NOTSET';
  if (!auto.startsWith('SAME')) {
    const pads = (auto === 'VALID' ? undefined : wholes(node, 'pads')) ?? [...kernel, ...kernel].map(() => 0);
    return { ...plain, padsBefore: pads.slice(0, kernel.length), padsAfter: pads.slice(kernel.length) };
  }
  const totals = plain.kernel.map((size, axis) => {
    const [all, stride = 1] = [shape[axis + 2], strides[axis]];
    if (typeof all !== 'number') return undefined;
    return Math.max((Math.ceil(all / stride) - 1) * stride + (size - 1) * (dilations[axis] ?? 1) + 1 - all, 0);
  });
  if (!totals.every((total) => total !== undefined)) return `with ${auto} padding of a free size`;
  const [less, more] = [totals.map((total) => Math.floor(total / 2)), totals.map((total) => Math.ceil(total / 2))];
  return auto === 'SAME_UPPER'
    ? { ...plain, padsBefore: less, padsAfter: more }
    : { ...plain, padsBefore: more, padsAfter: less };
}
