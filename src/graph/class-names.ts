import { attributeOf } from './gradient/attribute-of.ts';
import { GraphLinks } from './graph-links.ts';
import type { OnnxGraph, OnnxNode } from './onnx-model.ts';
import { operatorOf } from './operator-of.ts';

/** What gives a score for each class that it names. */
const classifiers = new Set(['ai.onnx.ml.LinearClassifier', 'ai.onnx.ml.TreeEnsembleClassifier']);
/** What leaves each score in its place. */
const inPlace = new Set(['Identity', 'Cast', 'Clip', 'Softmax', 'LogSoftmax', 'Sigmoid', 'ai.onnx.ml.Normalizer']);

/**
 * The names of classes that a graph holds, in the order of their scores, by the output that has these: those that are no
 * more than places are left out. A ZipMap's come with its answers.
 */
export function classNames(graph: OnnxGraph): Readonly<Record<string, readonly string[]>> {
  const links = new GraphLinks(graph);
  return Object.fromEntries(
    graph.outputs.flatMap(({ name }) => {
      const names = namesFor(name, graph.nodes.length, links);
      return names ? [[name, names]] : [];
    }),
  );
}

/** @param most nodes on the way, as a broken graph may go round */
function namesFor(output: string, most: number, links: GraphLinks): readonly string[] | undefined {
  let scores = output;
  for (let passed = 0; passed < most; passed += 1) {
    const node = links.maker(scores);
    const operator = node && operatorOf(node);
    if (!node || !operator) return undefined;
    if (classifiers.has(operator) && node.outputs[1] === scores) return namesIn(node);
    if (!inPlace.has(operator)) return undefined;
    scores = node.inputs[0] ?? '';
  }
  return undefined;
}

function namesIn(node: OnnxNode): readonly string[] | undefined {
  const texts = node.attributes.get('classlabels_strings');
  if (texts?.kind === 'texts' && texts.value.length > 0) return texts.value;
  const { wholes } = attributeOf;
  const numbers = wholes(node, 'classlabels_ints') ?? wholes(node, 'classlabels_int64s');
  return numbers?.some((number, place) => number !== place) ? numbers.map(String) : undefined;
}
