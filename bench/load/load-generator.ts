import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../median.ts';
import { percentile } from '../percentile.ts';
import { type Caller, connectCaller } from './connect-caller.ts';
import type { LoadJob, LoadResult } from './load.ts';
import { stayAwake } from './stay-awake.ts';

/** Long enough for all callers to be in the queue, and for a server that starts to have compiled what it runs. */
const warmUpMs = 700;

/**
 * Sends one request over and over: node bench/load/load-generator.ts JOB, with the whole HTTP request, or gRPC message,
 * on stdin. Prints JSON.
 */
async function main(): Promise<void> {
  const {
    port,
    protocol = 'http',
    callers,
    seconds,
    pauseMs,
    staysAwake,
  } = JSON.parse(process.argv[2] ?? '') as LoadJob;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const request = Buffer.concat(chunks);
  const connections = await Promise.all(Array.from({ length: callers }, () => connectCaller(protocol, port)));
  const begin = performance.now() + warmUpMs;
  const end = begin + seconds * 1000;
  if (staysAwake) stayAwake(end);
  const times = await Promise.all(connections.map((connection) => call(connection, request, begin, end, pauseMs)));
  const all = times.flat();
  const means = times.map((each) => each.reduce((sum, ms) => sum + ms, 0) / each.length);
  const result: LoadResult = {
    perSecond: all.length / seconds,
    medianMs: median(all),
    p99Ms: percentile(all, 0.99),
    slowestMs: all.reduce((most, ms) => Math.max(most, ms), 0),
    spread: Math.max(...means) / Math.min(...means),
  };
  console.log(JSON.stringify(result));
}

/** Milliseconds of each answer that came from `begin` to `end`. The last request is answered too, but not counted. */
async function call(connection: Caller, request: Buffer, begin: number, end: number, pauseMs = 0) {
  const times: number[] = [];
  for (;;) {
    const sent = performance.now();
    await connection.send(request);
    const now = performance.now();
    if (now >= end) break;
    if (now >= begin) times.push(now - sent);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  connection.close();
  return times;
}

await main();
