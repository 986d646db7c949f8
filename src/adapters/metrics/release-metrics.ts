import type { AliasRelease } from '../../core/canary/alias-release.ts';
import type { ComparisonRecord } from '../../core/canary/comparison-record.ts';
import type { MetricFamily, MetricSample } from './metric-family.ts';

type Sample = readonly [labels: Record<string, string>, value: number | undefined];

/** How canaries and shadows do on this host. */
export function releaseMetrics(releases: readonly AliasRelease[]): readonly MetricFamily[] {
  if (releases.length === 0) return [];
  const labelled = releases.map((release) => ({
    release,
    labels: { model: release.model, alias: release.alias },
  }));
  const family = (
    type: MetricFamily['type'],
    name: string,
    help: string,
    samplesOf: (release: AliasRelease) => readonly Sample[],
  ): MetricFamily => ({
    type,
    name,
    help,
    samples: labelled.flatMap(({ release, labels }) =>
      samplesOf(release).flatMap(([more, value]): MetricSample[] =>
        value === undefined ? [] : [{ labels: { ...labels, ...more }, value }],
      ),
    ),
  });
  const arms = (of: 'calls' | 'errors' | 'slow') => (release: AliasRelease) => {
    const counts = release.trial?.counts;
    return [
      [{ arm: 'canary', version: String(release.canary?.version) }, counts?.canary[of]],
      [{ arm: 'stable', version: String(release.target.version) }, counts?.stable[of]],
    ] satisfies Sample[];
  };
  const compared = (of: 'compared' | 'agreed' | 'labelFlips' | 'failed' | 'dropped') => (release: AliasRelease) => {
    const { canary, shadow } = release.target;
    const record = (role: string, version: number | undefined, read: ComparisonRecord): Sample => [
      { role, version: String(version) },
      version === undefined ? undefined : read[of],
    ];
    return [
      record('canary', canary?.version, release.comparisons),
      record('shadow', shadow?.version, release.shadowed),
    ];
  };
  return [
    family('gauge', 'tensorgate_canary_percent', 'Of 100 calls by the alias, how many go to its canary', (release) => [
      [
        { version: String(release.canary?.version) },
        release.canary && (release.stopped === undefined ? release.canary.percent : 0),
      ],
    ]),
    family('gauge', 'tensorgate_canary_stopped', 'Whether the canary was taken back as it is worse', (release) => [
      [
        { version: String(release.canary?.version) },
        release.canary && Number((release.stopped ?? release.canary.stopped) !== undefined),
      ],
    ]),
    family('gauge', 'tensorgate_canary_evidence', 'E-value against the canary', ({ evidence }) => [
      [{ of: 'errors' }, evidence?.errors],
      [{ of: 'latency' }, evidence?.latency],
      [{ of: 'answers' }, evidence?.answers],
    ]),
    family('gauge', 'tensorgate_canary_calls', 'Calls since the canary began', arms('calls')),
    family('gauge', 'tensorgate_canary_errors', 'Of these, those that failed', arms('errors')),
    family('gauge', 'tensorgate_canary_slow', 'Of these, those that were slow', arms('slow')),
    family('gauge', 'tensorgate_compared', 'Answers that were compared with another version', compared('compared')),
    family('gauge', 'tensorgate_compared_agreed', 'Of these, those that agreed', compared('agreed')),
    family('gauge', 'tensorgate_compared_label_flips', 'Labels that were other ones', compared('labelFlips')),
    family('gauge', 'tensorgate_compared_failed', 'Requests that were not answered beside', compared('failed')),
    family('gauge', 'tensorgate_compared_dropped', 'Requests that had no time beside', compared('dropped')),
  ];
}
