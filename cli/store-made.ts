import { sourceDigest } from '../src/adapters/source-digest.ts';
import type { CandidateTrial } from '../src/core/factory/candidate-trial.ts';
import type { Making } from '../src/ports/making.ts';
import type { Source } from './find-source.ts';
import type { GivenSamples } from './given-samples.ts';
import type { StoredVersion } from './store-version.ts';
import { storeWithSamples } from './store-with-samples.ts';
import { textsBeside } from './texts-beside.ts';
import { toolVersions } from './tool-versions.ts';

export interface MadeModel {
  /** The model that it becomes a version of. */
  readonly name: string;
  /** Undefined: the first that is free. */
  readonly version: number | undefined;
  /** What it was made of. */
  readonly source: Source;
  readonly judged: GivenSamples | undefined;
  /** The file of the model, in the folder that is gone afterwards. */
  readonly path: string;
  readonly folder: string;
  readonly trial: CandidateTrial;
  readonly by: Making['by'];
  /** What of a manifest it has beside what all have. */
  readonly more: Pick<Making, 'seed' | 'training' | 'measuredOn'>;
}

/** Stores a model that was made of another as a version, with the texts that were beside that one. */
export async function storeMade(uri: string, model: MadeModel): Promise<StoredVersion> {
  const { name, version, source, judged, path, folder, trial, by, more } = model;
  const made = {
    by,
    source: { name: source.label, sha256: await sourceDigest(source.toPush.model) },
    passes: trial.passes,
    versions: toolVersions,
    ...more,
    ...(judged ? { samples: { count: judged.samples.length, sha256: judged.sha256 } } : { unverified: true as const }),
    report: trial.report,
  };
  const texts = await textsBeside(source);
  const samples = judged?.samples ?? [];
  return storeWithSamples(uri, { name, version, path, texts, samples, folder, origin: { made } });
}
