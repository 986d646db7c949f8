import type { StatisticsRecord } from '../../core/model-statistics.ts';
import type { ModelVersion } from '../../core/model-version.ts';

/** A version, and its statistics as they were when metrics were asked for: read once for all of them. */
export interface ReadVersion {
  readonly version: ModelVersion;
  readonly labels: Readonly<Record<string, string>>;
  readonly statistics: StatisticsRecord;
}
