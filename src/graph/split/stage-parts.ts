import { namesRead } from '../names-read.ts';
import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { constantNodes } from './constant-nodes.ts';

/**
 * The nodes of a stage, and the values that it takes from callers or earlier stages and gives to callers or later ones.
 */
export interface StageParts {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** All that its nodes read. */
  readonly read: ReadonlySet<string>;
}

/**
 * The parts of a graph between cuts. Each has the constants that it reads, and what makes them; what is an output of
 * the graph is one of the stage that makes it.
 */
export function stageParts(graph: OnnxGraph, cuts: readonly number[]): readonly StageParts[] {
  const constants = constantNodes(graph);
  const making = new Set(constants.values());
  const sparse = new Set(graph.sparseInitializers.map(({ values }) => values?.name));
  const isHeld = (name: string) => graph.initializers.has(name) || sparse.has(name) || constants.has(name);
  const ends = [...cuts, graph.nodes.length];
  const stages = ends.map((end, stage) => {
    const own = graph.nodes.slice(ends[stage - 1] ?? 0, end).filter((node) => !making.has(node));
    const read = new Set(own.flatMap((node) => [...namesRead(node)]));
    const made = new Set(own.flatMap(({ outputs }) => outputs));
    // What no node makes is given by the last stage.
    const given = stage === ends.length - 1 ? graph.outputs.map(({ name }) => name).filter(isHeld) : [];
    for (const name of given) read.add(name);
    const used = new Set<OnnxNode>();
    // A Set is walked to its end, with what is added meanwhile.
    for (const name of read) {
      const maker = constants.get(name);
      if (!maker || used.has(maker)) continue;
      used.add(maker);
      for (const more of namesRead(maker)) read.add(more);
    }
    const inputs = [...read].filter((name) => !made.has(name) && !isHeld(name));
    return { nodes: [...graph.nodes.filter((node) => used.has(node)), ...own], inputs, made, given, read };
  });
  return stages.map(({ nodes, inputs, made, given, read }, stage) => {
    const wanted = new Set(stages.slice(stage + 1).flatMap((later) => later.inputs));
    for (const { name } of graph.outputs) wanted.add(name);
    return { nodes, inputs, outputs: [...[...made].filter((name) => wanted.has(name)), ...given], read };
  });
}
