import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { median } from '../median.ts';
import type { LoopJob, LoopResult } from './run-loops.ts';

const delayResolutionMs = 5;

/**
 * One process of RunLoops: node bench/processes/run-loop.ts JOB. Says `ready` after a first run; then, for each
 * line of stdin, a number of seconds, runs the model over and over for that long and prints the result as JSON.
 */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as LoopJob;
  // Only the engine that is measured is in memory.
  const open =
    job.engine === 'session'
      ? (await import('./session-run.ts')).sessionRun
      : (await import('./binding-run.ts')).bindingRun;
  const run = await open(job);
  await run();
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await measure(run, job.callers, Number(line))));
  }
}

async function measure(run: () => Promise<unknown>, callers: number, seconds: number): Promise<LoopResult> {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const caller = async () => {
    for (let now = started; now < end; ) {
      await run();
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const perSecond = (times.length * 1000) / (performance.now() - started);
  delay.disable();
  return { perSecond, medianMs: median(times), latestMs: delay.max / 1e6 - delayResolutionMs };
}

await main();
