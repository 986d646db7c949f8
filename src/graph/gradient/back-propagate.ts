import { dataTypes } from '../data-types.ts';
import { namesRead } from '../names-read.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { flatOperators } from './flat-operators.ts';
import type { GradientRule } from './gradient-rule.ts';
import { gradientRules } from './gradient-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type GradientFault, untrainable } from './untrainable.ts';

/**
 * Adds to a graph what gives the gradients of a loss by the values `wanted`, and gives their names; those that it does
 * not depend on have none. `seeds` are the gradients of the loss by values of the graph, where the way back begins.
 *
 * Reverse-mode differentiation: from the last node to the first, each passes on to its inputs what came to its outputs.
 * Only nodes between `wanted` and `seeds` are gone back through. Throws a NoGradientError before it adds anything,
 * where one of these cannot be.
 *
 * Source: Baydin et al., "Automatic Differentiation in Machine Learning: a Survey", 2018, section 3.2.
 */
export function backPropagate(
  graph: GraphBuilder,
  seeds: ReadonlyMap<string, string>,
  wanted: Iterable<string>,
): ReadonlyMap<string, string> {
  const { path, sources } = wayBack(graph, seeds.keys(), wanted);
  const arrived = new Map(Array.from(seeds, ([value, gradient]) => [value, [gradient]]));
  const total = (value: string) => {
    const parts = arrived.get(value) ?? [];
    if (parts.length > 1) arrived.set(value, [graph.op('Sum', parts)]);
    return arrived.get(value)?.[0];
  };
  for (const node of path.toReversed()) {
    const { inputs, outputs } = node;
    const gradients = outputs.map(total);
    const [gradient = ''] = gradients;
    const rule = ruleOf(node) as GradientRule;
    const needs = (input: number) => isNeeded(node, input, sources);
    const results = rule.backward({ graph, node, inputs, gradients, gradient, needs });
    for (const [at, result] of results.entries()) {
      const input = inputs[at];
      if (!result || !input || !needs(at)) continue;
      graph.liken(result, input);
      arrived.set(input, [...(arrived.get(input) ?? []), result]);
    }
  }
  const found = Array.from(wanted, (value) => [value, total(value)] as const);
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Values, each with those of the wanted ones that it depends on. */
type Sources = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The nodes of a graph between the values `wanted` and `ends`. Throws a NoGradientError where one of them cannot be gone
 * back through.
 */
export function wayBack(
  graph: GraphBuilder,
  ends: Iterable<string>,
  wanted: Iterable<string>,
): { readonly path: readonly OnnxNode[]; readonly sources: Sources } {
  const sources = sourcesOf(graph, wanted);
  const { path, asked } = pathOf(graph.nodes, sources, ends);
  const faults = path.flatMap((node) => faultOf(node, graph, sources, asked) ?? []);
  if (faults.length > 0) throw untrainable(faults, [...wanted]);
  return { path, sources };
}

const floats: readonly number[] = [dataTypes.FLOAT, dataTypes.DOUBLE, dataTypes.FLOAT16];

const ruleOf = ({ domain, opType }: OnnxNode) =>
  domain === '' && Object.hasOwn(gradientRules, opType) ? gradientRules[opType] : undefined;

/** Whether a gradient by this input is of use. */
function isNeeded(node: OnnxNode, input: number, sources: ReadonlyMap<string, unknown>): boolean {
  const rule = ruleOf(node);
  return sources.has(node.inputs[input] ?? '') && (rule?.inputs?.includes(input) ?? true);
}

function sourcesOf(graph: GraphBuilder, wanted: Iterable<string>): Sources {
  const sources = new Map<string, ReadonlySet<string>>(Array.from(wanted, (value) => [value, new Set([value])]));
  for (const node of graph.nodes) {
    if (node.domain === '' && flatOperators.has(node.opType)) continue;
    const rule = ruleOf(node);
    const inputs = rule?.inputs ? rule.inputs.map((at) => node.inputs[at] ?? '') : namesRead(node);
    const from = new Set([...inputs].flatMap((name) => [...(sources.get(name) ?? [])]));
    if (from.size === 0) continue;
    for (const name of node.outputs) if (name !== '' && mayBeFloat(graph, name)) sources.set(name, from);
  }
  return sources;
}

function mayBeFloat(graph: GraphBuilder, name: string): boolean {
  const { dataType } = graph.type(name);
  return dataType === undefined || floats.includes(dataType);
}

/** The nodes on the way from a wanted value to one of `ends`, and the values on it. */
function pathOf(
  nodes: readonly OnnxNode[],
  sources: ReadonlyMap<string, unknown>,
  ends: Iterable<string>,
): { readonly path: readonly OnnxNode[]; readonly asked: ReadonlySet<string> } {
  const asked = new Set(ends);
  const path: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => asked.has(name) && sources.has(name))) continue;
    path.unshift(node);
    const given = ruleOf(node) ? node.inputs.filter((_name, at) => isNeeded(node, at, sources)) : namesRead(node);
    for (const name of given) if (sources.has(name)) asked.add(name);
  }
  return { path, asked };
}

/** Why a node cannot be gone back through, and the wanted values before it. */
function faultOf(
  node: OnnxNode,
  graph: GraphBuilder,
  sources: Sources,
  asked: ReadonlySet<string>,
): GradientFault | undefined {
  const rule = ruleOf(node);
  const isFurther = rule && node.outputs.slice(rule.outputs ?? 1).some((output) => asked.has(output));
  const refused = isFurther ? 'by an output that is not its first' : rule?.refuses?.(node, graph);
  if (rule && refused === undefined) return undefined;
  return { node, refused, sources: sources.get(node.outputs.find((output) => sources.has(output)) ?? '') ?? new Set() };
}
