import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { nodesAtWork } from './nodes-at-work.ts';

/** What gives other values each time that it is asked, though it is given the same. */
const chance = /^(Random|Bernoulli|Multinomial)/;

/**
 * The nodes that give the same in each run, by what they give: whoever reads it has them too, as it has weights. Sent
 * from another stage, it would be no constant there, and the runtime would multiply by it in another way, to other last
 * digits.
 */
export function constantNodes(graph: OnnxGraph): ReadonlyMap<string, OnnxNode> {
  const atWork = new Set(nodesAtWork(graph));
  const constants = graph.nodes.filter(({ opType }, place) => !atWork.has(place) && !chance.test(opType));
  return new Map(constants.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
}
