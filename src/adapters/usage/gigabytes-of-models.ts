import type { DataPlane } from '../../core/data-plane.ts';
import { functionGigabytes } from '../../core/usage/function-gigabytes.ts';

/** Versions whose figures are remembered. */
const mostKnown = 10_000;

/**
 * Memory of a function of AWS Lambda that would answer a call of a model in so many threads, for models that this host
 * has loaded.
 */
export function gigabytesOfModels(dataPlane: () => DataPlane, threads: number) {
  const known = new Map<string, number>();
  return (model: string, version: string): number => {
    const key = `${model}/${version}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const gigabytes = functionGigabytes(bytesOf(dataPlane(), model, version), threads);
    if (known.size >= mostKnown) known.clear();
    known.set(key, gigabytes);
    return gigabytes;
  };
}

function bytesOf({ repository }: DataPlane, model: string, version: string): number {
  if (!repository.names().includes(model)) return 0;
  return repository.versions(model).find((each) => String(each.version) === version)?.bytes ?? 0;
}
