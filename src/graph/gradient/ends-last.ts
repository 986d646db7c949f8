import { namesRead } from '../names-read.ts';
import type { OnnxNode } from '../onnx-model.ts';

/**
 * Nodes in an order by which a run holds little, and finds it in the processor's cache: ONNX Runtime begins with what
 * leads to the last of the nodes that no other one reads, and goes on with what leads to the one before. So these are
 * last, and what is known first is at the end. As they were written, the gradients of weights would all wait until the
 * way back is gone to its end.
 */
export function endsLast(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const read = new Set(nodes.flatMap((node) => [...namesRead(node)]));
  const isEnd = ({ outputs }: OnnxNode) => !outputs.some((name) => read.has(name));
  return [...nodes.filter((node) => !isEnd(node)), ...nodes.filter(isEnd).toReversed()];
}
