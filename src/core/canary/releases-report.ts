import type { Meant } from '../meant.ts';
import type { ModelRepository } from '../model-repository.ts';
import type { ModelVersion } from '../model-version.ts';
import type { AliasRelease } from './alias-release.ts';
import type { Releases } from './releases.ts';

/** Where the aliases of a model lead that are served, and how what is on trial does. Throws 404. */
export function releasesReport(repository: ModelRepository, releases: Releases, name: string): object {
  const onTrial = new Map(releases.list(name).map((release) => [release.alias, release]));
  const aliases = repository
    .aliases(name)
    .map((meant) => [meant.alias, describe(meant, onTrial.get(meant.alias ?? ''))]);
  return { name, aliases: Object.fromEntries(aliases) };
}

function describe({ version, target, canary, shadow }: Meant, release: AliasRelease | undefined): object {
  return {
    version: String(version.version),
    ...(target?.previous !== undefined && { previous: String(target.previous) }),
    ...(target?.canary && release && { canary: describeCanary(release, canary) }),
    ...(target?.shadow &&
      release && {
        shadow: {
          version: String(target.shadow.version),
          percent: target.shadow.percent,
          ...readiness(shadow, target.shadow.version),
          comparisons: release.shadowed.toJSON(),
        },
      }),
  };
}

function describeCanary(release: AliasRelease, served: ModelVersion | undefined): object {
  const { canary, trial, stopped, comparisons, counts } = release;
  const { version, ...terms } = { version: 0, ...canary };
  const reason = stopped ?? terms.stopped;
  return {
    version: String(version),
    ...terms,
    ...(reason !== undefined && { percent: 0, stopped: reason }),
    ...readiness(served, version),
    ...(trial && {
      calls: { canary: counts?.canary, stable: counts?.stable },
      evidence: release.evidence,
      comparisons: comparisons.toJSON(),
    }),
  };
}

/** Whether it gets calls, and else why not. */
function readiness(version: ModelVersion | undefined, number: number): object {
  const reason = version ? version.whyNotReady() : `version ${number} is not there`;
  return { ready: reason === undefined, ...(reason !== undefined && { reason }) };
}
