import { dataTypes } from '../data-types.ts';
import { namesRead } from '../names-read.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { flatOperators } from './flat-operators.ts';
import type { GradientRule } from './gradient-rule.ts';
import { gradientRules } from './gradient-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type GradientFault, untrainable } from './untrainable.ts';

/** What is between the values of a graph that are `wanted` and one that they lead to. */
export interface WayBack {
  readonly wanted: readonly string[];
  readonly end: string;
  /** In the order in which they run; none where the end depends on nothing that is wanted. */
  readonly nodes: readonly NodeOnWay[];
}

/** A node that gradients go back through. */
interface NodeOnWay {
  readonly node: OnnxNode;
  readonly rule: GradientRule;
  /** Whether a gradient by this input is of use. */
  needs(input: number): boolean;
}

/**
 * Finds the nodes of a graph between the values `wanted` and `end`. Throws a NoGradientError where one of them cannot be
 * gone back through.
 */
export function wayBack(graph: GraphBuilder, end: string, wanted: readonly string[]): WayBack {
  const sources = sourcesOf(graph, wanted);
  const { path, asked } = pathOf(graph.nodes, sources, end);
  const faults: GradientFault[] = [];
  const nodes = path.flatMap((node) => {
    const rule = ruleOf(node);
    const fixed = fixedInputs(node).filter((name) => sources.has(name));
    const by = fixed.map((name) => `'${name}'`).join(', ');
    const refused = by === '' ? rule && refusalOf(node, rule, graph, asked) : `by ${by}`;
    if (rule && refused === undefined)
      return [{ node, rule, needs: (input: number) => isNeeded(node, input, sources) }];
    faults.push({ node, refused, sources: sourcesBefore(by === '' ? node.outputs : fixed, sources) });
    return [];
  });
  if (faults.length > 0) throw untrainable(faults, wanted);
  return { wanted, end, nodes };
}

/** Values, each with those of the wanted ones that it depends on. */
type Sources = ReadonlyMap<string, ReadonlySet<string>>;

const floats: readonly number[] = [dataTypes.FLOAT, dataTypes.DOUBLE, dataTypes.FLOAT16, dataTypes.BFLOAT16];

const ruleOf = ({ domain, opType }: OnnxNode) =>
  domain === '' && Object.hasOwn(gradientRules, opType) ? gradientRules[opType] : undefined;

/** Of floats, and not to be differentiated by. */
function fixedInputs(node: OnnxNode): readonly string[] {
  return (ruleOf(node)?.fixed ?? []).map((at) => node.inputs[at] ?? '');
}

/** Whether a gradient by this input is of use. */
function isNeeded(node: OnnxNode, input: number, sources: ReadonlyMap<string, unknown>): boolean {
  const rule = ruleOf(node);
  return sources.has(node.inputs[input] ?? '') && (rule?.inputs?.includes(input) ?? true);
}

function sourcesOf(graph: GraphBuilder, wanted: readonly string[]): Sources {
  const sources = new Map<string, ReadonlySet<string>>(wanted.map((value) => [value, new Set([value])]));
  for (const node of graph.nodes) {
    if (node.domain === '' && flatOperators.has(node.opType)) continue;
    const own = ruleOf(node)?.inputs?.map((at) => node.inputs[at] ?? '');
    const inputs = own ? [...own, ...fixedInputs(node)] : namesRead(node);
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

/** The nodes on the way from a wanted value to `end`, and the values on it. */
function pathOf(
  nodes: readonly OnnxNode[],
  sources: ReadonlyMap<string, unknown>,
  end: string,
): { readonly path: readonly OnnxNode[]; readonly asked: ReadonlySet<string> } {
  const asked = new Set([end]);
  const path: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => asked.has(name) && sources.has(name))) continue;
    path.unshift(node);
    const given = ruleOf(node) ? node.inputs.filter((_name, at) => isNeeded(node, at, sources)) : namesRead(node);
    for (const name of given) if (sources.has(name)) asked.add(name);
  }
  return { path, asked };
}

/** Why a node cannot be gone back through though there is a rule for its operator. */
function refusalOf(
  node: OnnxNode,
  { outputs = 1, refuses }: GradientRule,
  graph: GraphBuilder,
  asked: ReadonlySet<string>,
): string | undefined {
  const isFurther = node.outputs.slice(outputs).some((output) => asked.has(output));
  return isFurther ? 'by an output that is not its first' : refuses?.(node, graph);
}

function sourcesBefore(values: readonly string[], sources: Sources): ReadonlySet<string> {
  return new Set(values.flatMap((value) => [...(sources.get(value) ?? [])]));
}
