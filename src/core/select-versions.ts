import type { StoredModel } from '../ports/model-store.ts';

/** The versions of a model that its policy serves, ascending; what an alias names is always served. */
export function selectVersions(model: StoredModel): readonly number[] {
  const policy = model.config.versionPolicy;
  const aliased = new Set(Object.values(model.aliases));
  const latest = new Set(policy.kind === 'latest' ? model.versions.slice(-policy.count) : []);
  return model.versions.filter((version) => {
    if (aliased.has(version) || policy.kind === 'all') return true;
    return policy.kind === 'latest' ? latest.has(version) : policy.versions.includes(version);
  });
}
