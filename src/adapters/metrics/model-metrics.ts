import { failureReasons } from '../../core/failure-reason.ts';
import type { ModelRepository } from '../../core/model-repository.ts';
import type { StatisticsRecord } from '../../core/model-statistics.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { taskNameOf } from '../../core/tasks/task-name-of.ts';
import { durationMetric } from './duration-metric.ts';
import type { MetricFamily } from './metric-family.ts';
import type { ReadVersion } from './read-version.ts';
import { versionLabels } from './version-labels.ts';

type Read = (version: ModelVersion, statistics: StatisticsRecord) => number;

/** Microseconds, as Triton's metrics have them. */
const us =
  (stage: keyof StatisticsRecord['inference_stats']): Read =>
  (_version, { inference_stats }) =>
    Math.round(inference_stats[stage].ns / 1000);

type Row = readonly [type: MetricFamily['type'], name: string, help: string, read: Read];

const perVersion: readonly Row[] = [
  [
    'counter',
    'nv_inference_request_success',
    'Requests that were answered',
    (_v, s) => s.inference_stats.success.count,
  ],
  ['counter', 'nv_inference_count', 'Inferences that were answered, each row one', (_v, s) => s.inference_count],
  ['counter', 'nv_inference_exec_count', 'Runs of the model', (_v, s) => s.execution_count],
  ['counter', 'nv_inference_request_duration_us', 'Time of requests that were answered', us('success')],
  ['counter', 'nv_inference_queue_duration_us', 'Of it: waiting for a turn, or for the model to load', us('queue')],
  ['counter', 'nv_inference_compute_input_duration_us', 'Of it: reading the request', us('compute_input')],
  ['counter', 'nv_inference_compute_infer_duration_us', 'Of it: running the model', us('compute_infer')],
  ['counter', 'nv_inference_compute_output_duration_us', 'Of it: writing the answer', us('compute_output')],
  [
    'counter',
    'nv_cache_num_hits_per_model',
    'Answers that were kept from before',
    (_v, s) => s.inference_stats.cache_hit.count,
  ],
  [
    'counter',
    'nv_cache_num_misses_per_model',
    'Answers that were looked for in vain',
    (_v, s) => s.inference_stats.cache_miss.count,
  ],
  ['counter', 'nv_cache_hit_duration_per_model', 'Time of looking up, in microseconds', us('cache_hit')],
  [
    'counter',
    'nv_cache_miss_duration_per_model',
    'Time of looking in vain and keeping, in microseconds',
    us('cache_miss'),
  ],
  ['gauge', 'tensorgate_model_requests', 'Requests in hand that wait for it, or run', ({ users }) => users],
  ['gauge', 'tensorgate_model_ready', 'Whether a request would be answered', ({ ready }) => Number(ready)],
  ['gauge', 'tensorgate_model_loaded', 'Whether it is in memory', ({ session }) => Number(session !== undefined)],
  ['gauge', 'tensorgate_model_bytes', 'Bytes of its files, while loaded', (v) => (v.session ? v.bytes : 0)],
  ['counter', 'tensorgate_model_loads_total', 'How often it was loaded', ({ loads }) => loads],
];

const ofGenerating: readonly Row[] = [
  [
    'counter',
    'tensorgate_prompt_tokens_total',
    'Tokens of prompts that were gone on with',
    ({ tokens }) => tokens.prompt,
  ],
  [
    'counter',
    'tensorgate_found_tokens_total',
    'Of these, found in a cache in place of being read',
    ({ tokens }) => tokens.found,
  ],
  ['counter', 'tensorgate_generated_tokens_total', 'Tokens that were generated', ({ tokens }) => tokens.generated],
];

/**
 * What is counted and timed for each version that is served, as it is now: by Triton's name where that means the same.
 */
export function modelMetrics(repository: ModelRepository): readonly MetricFamily[] {
  const versions = repository
    .names()
    .flatMap((name) => repository.versions(name))
    .map(
      (version): ReadVersion => ({ version, labels: versionLabels(version), statistics: version.statistics.toJSON() }),
    );
  const generating = versions.filter(({ version }) => taskNameOf(version) === 'text-generation');
  return [
    ...families(perVersion, versions),
    ...families(ofGenerating, generating),
    failureMetric(versions),
    durationMetric(versions),
  ];
}

function families(rows: readonly Row[], versions: readonly ReadVersion[]): readonly MetricFamily[] {
  return rows.map(([type, name, help, read]) => ({
    type,
    name,
    help,
    samples: versions.map(({ version, labels, statistics }) => ({ labels, value: read(version, statistics) })),
  }));
}

function failureMetric(versions: readonly ReadVersion[]): MetricFamily {
  return {
    type: 'counter',
    name: 'nv_inference_request_failure',
    help: 'Requests that failed: refused before they ran, ended by deadline, caller or server, failed in the runtime, or wrong',
    samples: versions.flatMap(({ version, labels }) =>
      failureReasons.map((reason) => ({ labels: { ...labels, reason }, value: version.statistics.failures(reason) })),
    ),
  };
}
