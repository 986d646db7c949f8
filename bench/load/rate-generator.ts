import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { median } from '../median.ts';
import { percentile } from '../percentile.ts';
import { HttpCaller } from './http-caller.ts';
import type { RateJob, RateResult } from './rate.ts';

const warmUpMs = 2000;

/**
 * Sends one request at random moments: node bench/load/rate-generator.ts JOB, with the whole HTTP request on stdin.
 * Prints JSON.
 */
async function main(): Promise<void> {
  const { port, perSecond, seconds } = JSON.parse(process.argv[2] ?? '') as RateJob;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const request = Buffer.concat(chunks);
  const idle: HttpCaller[] = [];
  const answered: number[] = [];
  const refused: number[] = [];
  const begin = performance.now() + warmUpMs;
  const end = begin + seconds * 1000;
  const ask = async (due: number) => {
    const caller = idle.pop() ?? (await HttpCaller.connect(port));
    const { isRefused } = await caller.ask(request);
    idle.push(caller);
    const now = performance.now();
    // From when it was due, so that a generator that is late hides nothing.
    if (now >= begin && now < end) (isRefused ? refused : answered).push(now - due);
  };
  const random = seededRandom();
  const pending: Promise<void>[] = [];
  for (let due = performance.now(); due < end; ) {
    const now = performance.now();
    while (due <= now) {
      pending.push(ask(due));
      // Arrivals of many who do not know of one another lie apart by an exponential distribution.
      due += (-Math.log(1 - random()) / perSecond) * 1000;
    }
    await sleep(Math.max(0, due - performance.now()));
  }
  await Promise.all(pending);
  const result: RateResult = {
    perSecond: answered.length / seconds,
    p99Ms: percentile(answered, 0.99),
    refusedShare: refused.length / (refused.length + answered.length),
    refusedMs: median(refused),
  };
  console.log(JSON.stringify(result));
  process.exit();
}

await main();
