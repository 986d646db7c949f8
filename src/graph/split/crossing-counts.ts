import { namesRead } from '../names-read.ts';
import type { OnnxGraph } from '../onnx-model.ts';
import { constantNodes } from './constant-nodes.ts';

/**
 * How many values of nodes before each place are read by nodes at it or after. Constants cross nothing: whoever reads
 * them has them.
 */
export function crossingCounts(graph: OnnxGraph): readonly number[] {
  const { nodes } = graph;
  const constants = constantNodes(graph);
  const madeAt = new Map<string, number>();
  const lastReadAt = new Map<string, number>();
  for (const [place, node] of nodes.entries()) {
    for (const name of namesRead(node)) if (madeAt.has(name)) lastReadAt.set(name, place);
    for (const name of node.outputs) if (!constants.has(name)) madeAt.set(name, place);
  }
  const changes = new Array<number>(nodes.length + 2).fill(0);
  for (const [name, last] of lastReadAt) {
    const first = (madeAt.get(name) ?? 0) + 1;
    changes[first] = (changes[first] ?? 0) + 1;
    changes[last + 1] = (changes[last + 1] ?? 0) - 1;
  }
  let count = 0;
  return changes.slice(0, -1).map((change) => {
    count += change;
    return count;
  });
}
