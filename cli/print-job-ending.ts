import { metricFacts } from './metric-facts.ts';
import { printFacts } from './print-facts.ts';
import { type JobAnswer, printJobs } from './print-jobs.ts';
import { tellJobError } from './tell-job-error.ts';

/**
 * Prints a job, and under it what it made, with what was measured of that, or why it made nothing, where that is not
 * among the lines that it `said`.
 */
export function printJobEnding(job: JobAnswer, said: readonly string[]): void {
  const { error } = job;
  // A table has no room for it.
  printJobs([error ? { ...job, error: null, progress: null } : job]);
  tellJobError(job, said);
  const made = job.versions.map(({ model, version }) => `${model}@${version}`).join(', ');
  if (made === '') return;
  const { chosen, metrics } = Object(job.result);
  console.log();
  printFacts([['made', typeof chosen === 'string' ? `${made}, ${chosen}` : made], ...metricFacts(Object(metrics))]);
}
