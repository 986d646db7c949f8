import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { ModelVersion } from '../model-version.ts';
import { isScores } from './is-scores.ts';

/** The output with one number for each pair; undefined where there is none. */
export function pairScore({ signature }: ModelVersion): TensorSpec | undefined {
  const output = signature?.outputs.find(isScores);
  // Many models leave open how many classes there are.
  const isOneClass = output && signature?.labels.get(output.name)?.length === 1;
  return output?.shape.slice(1).every((size) => size === 1 || (size === -1 && isOneClass)) ? output : undefined;
}
