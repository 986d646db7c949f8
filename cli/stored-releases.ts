import { CountFiles } from '../src/adapters/canary/count-files.ts';
import { openRepositoryFolder } from '../src/adapters/open-repository-folder.ts';
import { CanaryTrial } from '../src/core/canary/canary-trial.ts';
import { evidenceOf } from '../src/core/canary/evidence-of.ts';
import { sumCounts } from '../src/core/canary/sum-counts.ts';
import type { AliasTarget, StoredModel } from '../src/ports/model-store.ts';
import { findReleases } from './find-releases.ts';
import type { ReleasesReport } from './release-facts.ts';

/**
 * Where the aliases of a model lead, and what all hosts have written down of its canaries: what the repository at `uri`
 * has of its releases.
 */
export async function storedReleases(uri: string, name: string): Promise<ReleasesReport> {
  const { model } = await findReleases(uri, name);
  const files = new CountFiles(openRepositoryFolder(uri, '.canary'));
  const aliases = await Promise.all(
    Object.entries(model.aliases).map(async ([alias, target]) => [alias, await describe(files, model, alias, target)]),
  );
  return { name, aliases: Object.fromEntries(aliases) };
}

async function describe(files: CountFiles, { name, config }: StoredModel, alias: string, target: AliasTarget) {
  const { version, previous, canary, shadow } = target;
  const told = { version: String(version), ...(previous !== undefined && { previous: String(previous) }) };
  const shadowed = shadow && { shadow: { ...shadow, version: String(shadow.version) } };
  if (!canary) return { ...told, ...shadowed };
  const trial = new CanaryTrial(canary, config.canary);
  trial.others = await files.read({ model: name, alias, target });
  const { compared, disagreed, ...calls } = sumCounts(trial.others);
  const counted = canary.percent > 0 && {
    calls,
    evidence: evidenceOf(trial.judge()),
    answers: { compared, disagreed },
  };
  return { ...told, canary: { ...canary, version: String(canary.version), ...counted }, ...shadowed };
}
