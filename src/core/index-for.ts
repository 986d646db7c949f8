import type { Caller } from '../ports/caller.ts';
import type { IndexEntry } from './index-entry.ts';
import type { ModelRepository } from './model-repository.ts';

/** The index of a repository, of what a caller may know of; `ready`: of what is served alone. */
export function indexFor(
  caller: Caller | undefined,
  repository: Pick<ModelRepository, 'index'>,
  ready: boolean,
): readonly IndexEntry[] {
  return repository.index().filter((entry) => (!ready || entry.ready) && (caller?.sees(entry.name) ?? true));
}
