import type { EnsembleConfig } from '../../ports/model-store.ts';

/**
 * Models of this host that an ensemble is made of; those of its steps that run elsewhere are not. None for what is no
 * ensemble.
 */
export function partNames(ensemble: EnsembleConfig | undefined): readonly string[] {
  return (ensemble?.steps ?? []).filter(({ server }) => server === undefined).map(({ model }) => model);
}
