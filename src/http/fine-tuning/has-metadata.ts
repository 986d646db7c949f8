import type { FineTuning } from '../../core/model-jobs/fine-tuning.ts';

const wantedName = /^metadata\[(.*)\]$/s;

/**
 * Tells the jobs whose notes are those that `metadata[name]=value` of a query asks for; by `metadata=null`, those
 * without; all where it asks for none.
 */
export function hasMetadata(query: URLSearchParams): (metadata: FineTuning['metadata']) => boolean {
  if (query.get('metadata') === 'null') return (metadata) => metadata === undefined;
  const wanted = [...query].flatMap(([name, value]) => {
    const [, key] = wantedName.exec(name) ?? [];
    return key === undefined ? [] : [[key, value] as const];
  });
  return (metadata = {}) => wanted.every(([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value);
}
