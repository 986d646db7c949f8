import { namesRead } from '../names-read.ts';
import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { constantNodes } from './constant-nodes.ts';
import { crossingCounts } from './crossing-counts.ts';
import { nodesAtWork } from './nodes-at-work.ts';

/** Where a graph is to be cut. */
export interface StagePlan {
  /** Places in the graph's nodes, ascending: a stage ends before each. */
  readonly cuts: readonly number[];
  /** Weights of each stage, in bytes. */
  readonly bytes: readonly number[];
  /** The tensors that are larger than a stage ought to be: nothing cuts them. */
  readonly uncut: readonly { readonly name: string; readonly bytes: number }[];
}

/** Of all weights, how far a cut is moved to where fewer tensors cross. */
const mostMoved = 0.08;

/**
 * Cuts a graph into stages of about as many bytes of weights, each cut moved by 8 % of them at most to where fewest
 * tensors cross. Rejects with an Error where it has too few nodes.
 *
 * @param choose takes one of the places for a cut, the best first
 */
export async function planStages(
  graph: OnnxGraph,
  stages: number,
  choose: (places: readonly number[]) => Promise<number>,
): Promise<StagePlan> {
  const before = weightsBefore(graph);
  const total = before.at(-1) ?? 0;
  const crossing = crossingCounts(graph);
  const working = nodesAtWork(graph);
  if (working.length < stages) {
    throw new Error(`it cannot be cut into ${stages} stages: ${working.length} of its nodes work on what it is given`);
  }
  const cuts: number[] = [];
  for (let stage = 1; stage < stages; stage += 1) {
    // Each stage has a node at work at least, those that are to come too.
    const next = working.findIndex((place) => place >= (cuts.at(-1) ?? 0));
    const first = (working[next] as number) + 1;
    const last = working[working.length - (stages - stage)] as number;
    const target = (total * stage) / stages;
    cuts.push(await choose(ranked({ before, crossing, first, last, target, room: total * mostMoved })));
  }
  const ends = [...cuts, graph.nodes.length];
  const bytes = ends.map((end, stage) => (before[end] ?? 0) - (before[ends[stage - 1] ?? 0] ?? 0));
  const uncut = [...graph.initializers]
    .map(([name, { data }]) => ({ name, bytes: data.length }))
    .filter((tensor) => tensor.bytes > total / stages);
  return { cuts, bytes, uncut };
}

interface Choice {
  readonly before: readonly number[];
  readonly crossing: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly target: number;
  readonly room: number;
}

/**
 * The places near the target, those that fewest tensors cross first; where a large tensor lies across the target, those
 * near the end of it that is nearer.
 */
function ranked({ before, crossing, first, last, target, room }: Choice): readonly number[] {
  const places = Array.from({ length: last - first + 1 }, (_place, index) => first + index);
  const off = (place: number, from: number) => Math.abs((before[place] ?? 0) - from);
  const nearest = Math.min(...places.map((place) => off(place, target)));
  const end = places.find((place) => off(place, target) === nearest) ?? first;
  const aim = nearest <= room ? target : (before[end] ?? 0);
  return places
    .filter((place) => off(place, aim) <= room)
    .sort((a, b) => (crossing[a] ?? 0) - (crossing[b] ?? 0) || off(a, aim) - off(b, aim) || a - b);
}

/** Bytes of weights that the nodes before each place use, each weight counted where it is used first. */
function weightsBefore(graph: OnnxGraph): readonly number[] {
  const constants = constantNodes(graph);
  const making = new Set(constants.values());
  const seen = new Set<string>();
  let sum = 0;
  const count = (node: OnnxNode) => {
    for (const name of namesRead(node)) {
      if (seen.has(name)) continue;
      seen.add(name);
      sum += graph.initializers.get(name)?.data.length ?? 0;
      const maker = constants.get(name);
      if (maker) count(maker);
    }
  };
  const sums = [0];
  for (const node of graph.nodes) {
    // What makes constants goes with whoever reads them.
    if (!making.has(node)) count(node);
    sums.push(sum);
  }
  return sums;
}
