import type { ModelRepository } from '../../core/model-repository.ts';

export type KnownModels = Pick<ModelRepository, 'names' | 'versions' | 'stored' | 'takeIn' | 'readText'>;

/**
 * Has the server know a model, or a version of it, that was stored since it looked last. Rejects where the store cannot
 * be read.
 */
export async function takeIn(models: KnownModels, name: string, version?: string): Promise<void> {
  const isKnown = (number: string) => models.versions(name).some((known) => String(known.version) === number);
  if (models.names().includes(name) && (version === undefined || isKnown(version))) return;
  await models.takeIn(name);
}
