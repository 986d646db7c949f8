import type { ModelRepository } from '../../core/model-repository.ts';
import type { MetricsText, ReadMetrics } from '../../http/metrics-route.ts';
import type { MetricsSource } from './metrics-source.ts';

/** Writes the metrics of a repository and its host; the library that does is loaded at the first call. */
export function readMetrics(
  source: Omit<MetricsSource, 'repository'>,
): (repository: ModelRepository) => Promise<MetricsText> {
  let opened: Promise<ReadMetrics> | undefined;
  return async (repository) => {
    opened ??= import('./metrics-text.ts').then(({ metricsText }) => metricsText({ repository, ...source }));
    return (await opened)();
  };
}
