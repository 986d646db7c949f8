import type { StoredModel } from '../src/ports/model-store.ts';

/** Throws an Error where a model is made of others, and says what to do instead. */
export function refuseEnsemble({ name, config }: StoredModel, instead: string): void {
  if (!config.ensemble) return;
  const parts = [...new Set(config.ensemble.steps.map(({ model }) => model))].join(', ');
  throw new Error(`model '${name}' is made of others (${parts}), and has no file of its own: ${instead}`);
}
