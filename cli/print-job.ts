import { jobName } from '../src/core/batch-jobs/job-name.ts';
import { durationWords } from './duration-words.ts';
import { grouped } from './grouped.ts';
import type { JobStatus } from './job-status.ts';
import { printFacts } from './print-facts.ts';
import { timeText } from './time-text.ts';

/** Prints how far a job is, as JSON or in words. */
export function printJob(status: JobStatus, json: boolean): void {
  if (json) console.log(JSON.stringify(status, null, 2));
  else printFacts(factsOf(status));
}

function factsOf(status: JobStatus): readonly (readonly [string, string])[] {
  const { job, model, version, reason, results, outputFile, errorFile } = status;
  const facts: (readonly [string, string | undefined])[] = [
    ['job', job],
    ['state', stateOf(status)],
    ['model', model && `${model}, version ${version}`],
    ['records', progressOf(status)],
    ['reason', reason],
    ['time', timeOf(status)],
    ['results', results],
    ['output', outputFile],
    ['errors', errorFile],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function stateOf({ job, status, finishedAt }: JobStatus): string {
  const state = status.replace('_', ' ');
  // Only who runs it knows whether it does.
  return finishedAt || jobName.test(job) ? state : `${state}; if it was interrupted, the same command goes on`;
}

function progressOf({ records, answered, failed }: JobStatus): string {
  if (records === 0) return 'not counted yet';
  const done = answered + failed;
  return `${grouped(done)} of ${grouped(records)} done (${Math.floor((100 * done) / records)} %), ${grouped(failed)} without an answer`;
}

function timeOf({ startedAt, finishedAt }: JobStatus): string | undefined {
  if (startedAt === undefined) return undefined;
  const end = finishedAt === undefined ? Date.now() : Date.parse(finishedAt);
  const words = durationWords((end - Date.parse(startedAt)) / 1000);
  return finishedAt === undefined
    ? `${words}, since ${timeText(startedAt)}`
    : `${words}, until ${timeText(finishedAt)}`;
}
