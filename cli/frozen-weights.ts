import { matchesPattern } from '../src/core/matches-pattern.ts';
import { isFloat } from '../src/graph/gradient/is-float.ts';
import { tablesAndNumbers } from '../src/graph/gradient/tables-and-numbers.ts';
import { wordTables } from '../src/graph/gradient/word-tables.ts';
import { fixedWeights } from '../src/graph/networks/fixed-weights.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { UsageError } from './usage-error.ts';

const mostShown = 20;

/**
 * Which weights stay as they are while a model is trained: numbers and tables but those of words, what was fixed before,
 * and what `freeze` names. Throws a UsageError where no weight is called so.
 */
export function frozenWeights(model: OnnxModel, freeze: readonly string[]): (weight: string) => boolean {
  const words = wordTables(model);
  const left = new Set(Array.from(tablesAndNumbers(model)).filter((weight) => !words.has(weight)));
  const isLeft = (weight: string) => weight.startsWith(fixedWeights) || left.has(weight);
  checkFrozen(freeze, model, isLeft);
  return (weight) => isLeft(weight) || freeze.some((pattern) => matchesPattern(pattern, weight));
}

/** A name that is mistyped would have all of the model trained, and nobody would be told. */
function checkFrozen(freeze: readonly string[], { graph }: OnnxModel, isLeft: (weight: string) => boolean): void {
  const weights = [...graph.initializers.values()];
  const strange = freeze.find((pattern) => !weights.some(({ name }) => matchesPattern(pattern, name)));
  if (strange === undefined) return;
  // Of the others, sizes and numbers alone are most.
  const learning = weights.filter(
    ({ name, dataType, shape }) => isFloat(dataType) && shape.length > 0 && !isLeft(name),
  );
  const names = learning.slice(0, mostShown).map(({ name }) => name);
  if (learning.length > mostShown) names.push(`… (${learning.length} in all)`);
  throw new UsageError(`--freeze: no weight of the model is called '${strange}'; it learns by ${names.join(', ')}`);
}
