import type { Caller } from '../ports/caller.ts';
import type { ModelRepository } from './model-repository.ts';
import { seenBy } from './seen-by.ts';

/**
 * The statistics of one version, of a model's versions, or of all that the caller may know of, in the words of Triton's
 * extension. Throws 404.
 */
export function statisticsOf(
  repository: ModelRepository,
  caller: Caller | undefined,
  name?: string,
  reference?: string,
): object {
  const names = name === undefined ? seenBy(caller, repository.listed()) : [name];
  const versions =
    name === undefined || reference === undefined
      ? names.flatMap((each) => repository.versions(each))
      : [repository.resolve(name, reference)];
  return {
    model_stats: versions.map((version) => ({
      name: version.name,
      version: String(version.version),
      ...version.statistics.toJSON(),
    })),
  };
}
