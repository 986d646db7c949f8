import type { EnsembleConfig } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { ModelRepository } from '../model-repository.ts';
import { versionLabel } from '../version-label.ts';

/**
 * The way from an ensemble back to itself by steps that are ensembles too: a loop, which could not be loaded. Undefined
 * where there is none.
 *
 * @param clear ensembles that are known to lead to none: by steps that share them there may be very many ways
 */
export function findLoop(
  name: string,
  { steps }: EnsembleConfig,
  repository: ModelRepository,
  path: readonly string[] = [name],
  clear: Set<string> = new Set(),
): readonly string[] | undefined {
  for (const step of steps) {
    // What another server does is its own.
    if (step.server !== undefined) continue;
    if (path.includes(step.model)) return [...path, step.model];
    const label = versionLabel(step.model, step.version ?? '');
    const inner = clear.has(label) ? undefined : ensembleOf(repository, step.model, step.version);
    const loop = inner && findLoop(step.model, inner, repository, [...path, step.model], clear);
    if (loop) return loop;
    clear.add(label);
  }
  return undefined;
}

function ensembleOf(
  repository: ModelRepository,
  name: string,
  version: string | undefined,
): EnsembleConfig | undefined {
  try {
    return repository.resolve(name, version).config.ensemble;
  } catch (error) {
    // That it is not there is told where it is opened.
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
