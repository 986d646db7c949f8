import type { ModelSignature } from '../model-version.ts';
import type { ItemOutputs } from './flow.ts';

/** The names of an output's classes: those of the signature, or a ZipMap's own; undefined where it has none. */
export function labelsOf(
  { labels }: ModelSignature,
  { tensors }: ItemOutputs,
  name: string,
): readonly string[] | undefined {
  const keys = tensors.get(name)?.parameters?.keys;
  return labels.get(name) ?? (typeof keys === 'string' ? (JSON.parse(keys) as string[]) : undefined);
}
