import type { ModelReference } from './model-reference.ts';

/** What a path calls a model, or the version of it that a number or alias means. */
export function modelPath({ name, version }: ModelReference): string {
  const versions = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`;
  return `${encodeURIComponent(name)}${versions}`;
}
