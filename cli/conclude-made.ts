import { sourceDigest } from '../src/adapters/source-digest.ts';
import type { CandidateTrial } from '../src/core/factory/candidate-trial.ts';
import type { Making } from '../src/ports/making.ts';
import type { Source } from './find-source.ts';
import type { GivenSamples } from './given-samples.ts';
import { keptSamples } from './kept-samples.ts';
import { printCandidates } from './print-candidates.ts';
import { sourceBytes } from './source-bytes.ts';
import { storeMade } from './store-made.ts';
import { tellReport } from './tell-report.ts';
import { toolVersions } from './tool-versions.ts';

export interface JudgedModel {
  /** The model that it becomes a version of. */
  readonly name: string;
  /** Undefined: the first that is free. */
  readonly version: number | undefined;
  readonly source: Source;
  readonly judged: GivenSamples | undefined;
  /** The file of the model, in the folder that is gone afterwards. */
  readonly path: string;
  readonly folder: string;
  readonly trial: CandidateTrial;
  readonly by: Making['by'];
  /** What of a manifest it has beside what all have. */
  readonly more: Pick<Making, 'seed' | 'training'>;
}

/** Tells what became of a model that was made of another, and stores it where the gate lets it pass; else the exit code is 2. */
export async function concludeMade(
  made: JudgedModel,
  { models, json }: { readonly models: string; readonly json: boolean },
): Promise<void> {
  const { name, version, source, judged, path, folder, trial, by, more } = made;
  const { passes, report, bytes } = trial;
  const isPassed = report.findings.length === 0;
  const before = await sourceBytes(source);
  if (!json) printCandidates(before, [trial], isPassed ? trial : undefined);
  tellReport(trial.name, report);
  const stored = isPassed
    ? await storeMade(models, {
        name,
        version,
        source,
        path,
        samples: judged && (await keptSamples(path, judged.samples, folder)),
        made: {
          by,
          source: { name: source.label, sha256: await sourceDigest(source.toPush.model) },
          passes,
          versions: toolVersions,
          ...more,
          ...(judged
            ? { samples: { count: judged.samples.length, sha256: judged.sha256 } }
            : { unverified: true as const }),
          report,
        },
      })
    : undefined;
  if (json) {
    const told = { name, source: source.label, sourceBytes: before, bytes, passes, ...more, report };
    console.log(JSON.stringify({ ...told, ...(stored && { version: stored.version, place: stored.place }) }, null, 2));
  } else if (stored) console.log(`stored model '${name}' version ${stored.version} in ${stored.place}`);
  if (stored) return;
  console.error('the gate does not let it pass: nothing was stored');
  process.exitCode = 2;
}
