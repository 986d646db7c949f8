import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { ModelVersion } from '../model-version.ts';
import { isScores } from './is-scores.ts';

/** The output with one number for each pair; undefined where there is none. */
export function pairScore({ signature }: ModelVersion): TensorSpec | undefined {
  const output = signature?.outputs.find(isScores);
  return output?.shape.slice(1).every((size) => size === 1) ? output : undefined;
}
