import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { BatchPlan } from '../../src/core/batch/batch-plan.ts';
import type { BatchReport } from '../../src/core/batch/batch-report.ts';
import { readJson } from '../../src/core/batch/read-json.ts';
import { shardTries } from '../../src/core/batch/shard-tries.ts';
import { planFile } from '../../src/core/batch/work-files.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { checkResults } from '../fakes/check-results.ts';

/** A job that a process does. */
export interface KilledJob {
  /** What `node` is started with. */
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly output: ObjectStore;
  readonly records: number;
  /** All files of the results as they lie there, hidden ones too. */
  files(): Promise<readonly string[]>;
  /** Does what is left of it in this process, which takes less than to start another. @default by another of `words` */
  goOn?(): Promise<void>;
}

/** How far a job was. */
export type Stage = 'planning' | 'between shards' | 'in a shard' | 'finishing' | 'clearing up';

/** Runs a job to its end, and tells how many milliseconds that took from its first file on. */
export async function runThrough(job: KilledJob): Promise<number> {
  const process = start(job);
  await begun(job, process);
  const started = performance.now();
  await ended(process);
  return performance.now() - started;
}

/** Does what is left of a job. */
export async function goOn(job: KilledJob): Promise<void> {
  if (job.goOn) await job.goOn();
  else await runThrough(job);
}

/**
 * Starts a job, kills its process so long after its first file, and tells how far the job was; where it was done
 * before, no stage, but how long it took.
 */
export async function killAfter(
  job: KilledJob,
  delayMs: number,
): Promise<{ readonly stage: Stage | undefined; readonly tookMs: number }> {
  const process = start(job);
  await begun(job, process);
  const started = performance.now();
  const isOver = process.exitCode !== null || process.signalCode !== null;
  if (!isOver) await Promise.race([setTimeout(delayMs), once(process, 'exit')]);
  const tookMs = performance.now() - started;
  process.kill('SIGKILL');
  const isKilled = await ended(process);
  return { stage: isKilled ? await stageOf(job) : undefined, tookMs };
}

/**
 * Checks the results of a job that has ended, and that nothing else is left. Throws an Error that says what is wrong.
 */
export async function checkJob({ output, records, files }: KilledJob): Promise<void> {
  const report = await readJson<BatchReport>(output, 'report.json');
  if (report?.status !== 'completed') throw new Error(`the report: ${JSON.stringify(report)}`);
  if (report.answered === 0 || report.failed === 0) throw new Error('there are not both answers and errors');
  await checkResults(output, report, records);
  const named = [...report.parts.map(({ file }) => file), 'errors.jsonl', 'report.json'].sort();
  const left = (await files()).filter((file) => !named.includes(file));
  if (left.length > 0) throw new Error(`left: ${left}`);
}

function start({ words, environment }: KilledJob): ChildProcess {
  return spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
}

async function begun({ files }: KilledJob, process: ChildProcess): Promise<void> {
  while (process.exitCode === null && process.signalCode === null && (await files()).length === 0) await setTimeout(3);
}

/** True where it was killed. */
async function ended(process: ChildProcess): Promise<boolean> {
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
  if (process.exitCode !== null && process.exitCode !== 0) throw new Error(`it ended with ${process.exitCode}`);
  return process.signalCode === 'SIGKILL';
}

async function stageOf({ output, files }: KilledJob): Promise<Stage | undefined> {
  const there = await files();
  const isReported = there.includes('report.json');
  if (isReported) return there.some((file) => file.startsWith('.work')) ? 'clearing up' : undefined;
  const plan = await readJson<BatchPlan>(output, planFile);
  if (!plan) return 'planning';
  const done = await shardTries(output);
  if (done.length === plan.shards.length) return 'finishing';
  const reports = (await output.list('.work/shard-')).length;
  const isHalf = reports > done.length || there.some((file) => /^\.work\/\./.test(file));
  return isHalf ? 'in a shard' : 'between shards';
}
