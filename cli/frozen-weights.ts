import { matchesPattern } from '../src/core/matches-pattern.ts';
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
  checkFrozen(freeze, [...model.graph.initializers.keys()]);
  return (weight) =>
    weight.startsWith(fixedWeights) || left.has(weight) || freeze.some((pattern) => matchesPattern(pattern, weight));
}

/** A name that is mistyped would have all of the model trained, and nobody would be told. */
function checkFrozen(freeze: readonly string[], weights: readonly string[]): void {
  const strange = freeze.find((pattern) => !weights.some((weight) => matchesPattern(pattern, weight)));
  if (strange === undefined) return;
  const names = weights.slice(0, mostShown).join(', ') + (weights.length > mostShown ? ', …' : '');
  throw new UsageError(`--freeze: no weight of the model is called '${strange}'; it has ${names}`);
}
