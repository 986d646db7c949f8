import type { EnsembleConfig, EnsembleStep } from '../../ports/model-store.ts';

/** What a `model.json` says of a model that is made of others, as it is written. */
export interface EnsembleFile extends Partial<Omit<EnsembleConfig, 'steps'>> {
  readonly steps?: readonly (Omit<EnsembleStep, 'version'> & { readonly version?: string | number })[];
}

/** The ensemble that a `model.json` describes; undefined where it has no steps. */
export function fillEnsemble({ steps, inputs = [], outputs = [] }: EnsembleFile): EnsembleConfig | undefined {
  if (!steps) return undefined;
  return {
    inputs,
    outputs,
    steps: steps.map(({ version, ...step }) => (version === undefined ? step : { ...step, version: String(version) })),
  };
}
