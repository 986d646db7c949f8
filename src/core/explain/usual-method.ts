import type { AskingMethod } from './methods.ts';
import type { Players } from './players.ts';

/** Players whose coalitions are all asked, 1,024 of them. */
const fewPlayers = 10;

/** Exact Shapley values of trees with few features, as far as the rows go, else KernelSHAP. */
export function usualMethod(players: Players, operators: readonly string[], maxEvaluations: number): AskingMethod {
  const isOfTrees = operators.some((operator) => /^ai\.onnx\.ml\.TreeEnsemble/.test(operator));
  const fits = players.count <= fewPlayers && 2 ** players.count * players.rows <= maxEvaluations;
  return isOfTrees && fits ? 'shapley' : 'kernel-shap';
}
