import type { ModelJob } from './model-job.ts';

/** Of rows that a head or a new network learns from: a hundred bytes of text take about 20 ms to become a vector. */
const quickBytes = 2_000_000;

/**
 * Whether a job may well take longer than the 15 minutes that a function has: heads and new networks learn from a few
 * files of rows within minutes.
 */
export function takesLong({ kind, inputs, options }: Pick<ModelJob, 'kind' | 'inputs' | 'options'>): boolean {
  if (kind !== 'train') return kind === 'distil';
  const bytes = Object.values(inputs).reduce((sum, input) => sum + input.bytes, 0);
  return (options.head ?? options.new) === undefined || bytes > quickBytes;
}
