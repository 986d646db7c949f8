import type { JobInput, ModelJob } from './model-job.ts';

/** Of rows that a head or a new network learns from: a hundred bytes of text take about 20 ms to become a vector. */
const quickBytes = 2_000_000;
/** How many bytes of text one of a file under compression may come to: of tables that is five to ten. */
const textOfByte = 10;

/**
 * Whether a job may well take longer than the 15 minutes that a function has: heads and new networks learn from a few
 * files of rows within minutes.
 */
export function takesLong({ kind, inputs, options }: Pick<ModelJob, 'kind' | 'inputs' | 'options'>): boolean {
  if (kind !== 'train') return kind === 'distil';
  const bytes = Object.values(inputs).reduce((sum, input) => sum + textBytes(input), 0);
  return (options.head ?? options.new) === undefined || bytes > quickBytes;
}

function textBytes({ bytes, filename }: JobInput): number {
  return /\.(?:gz|parquet)$/i.test(filename) ? bytes * textOfByte : bytes;
}
