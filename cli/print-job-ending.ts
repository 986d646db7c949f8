import { metricFacts } from './metric-facts.ts';
import { printFacts } from './print-facts.ts';
import { type JobAnswer, printJobs } from './print-jobs.ts';

/** Prints a job, and under it what it made, with what was measured of that. */
export function printJobEnding(job: JobAnswer): void {
  printJobs([job]);
  const made = job.versions.map(({ model, version }) => `${model}@${version}`).join(', ');
  if (made === '') return;
  const { chosen, metrics } = Object(job.result);
  console.log();
  printFacts([['made', typeof chosen === 'string' ? `${made}, ${chosen}` : made], ...metricFacts(Object(metrics))]);
}
