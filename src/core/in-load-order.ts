import type { StoredModel } from '../ports/model-store.ts';
import { partNames } from './ensembles/part-names.ts';

/** Models in an order in which each that is made of others comes after them. */
export function inLoadOrder(models: Iterable<StoredModel>): readonly StoredModel[] {
  const byName = new Map([...models].map((model) => [model.name, model]));
  const ordered = new Set<StoredModel>();
  const visited = new Set<string>();
  const visit = (model: StoredModel | undefined) => {
    if (!model || visited.has(model.name)) return;
    visited.add(model.name);
    for (const part of partNames(model.config.ensemble)) visit(byName.get(part));
    ordered.add(model);
  };
  for (const model of byName.values()) visit(model);
  return [...ordered];
}
