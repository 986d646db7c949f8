// Calls a server in all ways at once, checks each answer against its own call, and watches the server's memory:
// node test/soak/server-soak.ts [--full]: for about a minute, or for an hour. Ends with 1 where anything is wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';
import { soakGrpc } from './grpc-soak.ts';
import { soakHttp } from './http-soak.ts';
import { memorySlope } from './memory-slope.ts';
import { memoryBudget, writeSoakModels } from './soak-models.ts';
import { SoakRecord } from './soak-record.ts';

const isFull = process.argv.includes('--full');
/** Until the heap, the pools and the caches of a server have grown to what they stay at. */
const settlingSeconds = 30;
const watchedSeconds = isFull ? 3600 : 45;
/** Growth that is none: an hour's soak tells a leak of that. */
const mostGrownMb = 16;
const [httpCallers, grpcCallers] = [12, 4];
const outcomes = ['answered', 'cancelled', 'too late', 'refused', 'torn', 'loads', 'unloads', 'of an unloaded model'];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-soak-'));
  writeSoakModels(folder);
  const port = await freePort();
  const options = ['--grpc-port', String(port), '--memory-budget', memoryBudget, '--response-cache-bytes', '1M'];
  // Neither garbage that waits for its collection, 50 MB in waves, nor the young generation, which grows for minutes,
  // is a leak.
  const collects = `--expose-gc --require ${join(import.meta.dirname, 'collect-often.cjs')}`;
  process.env.NODE_OPTIONS = `${collects} --max-semi-space-size=8`;
  const server = await startProcess(folder, ...options, '--log-level', 'silent');
  const record = new SoakRecord();
  const memory: number[] = [];
  let isOver = false;
  try {
    const callers = [
      ...Array.from({ length: httpCallers }, (_, seed) =>
        soakHttp({ url: server.url, random: seededRandom(seed + 1), record }, () => isOver),
      ),
      ...Array.from({ length: grpcCallers }, (_, seed) =>
        soakGrpc({ address: `127.0.0.1:${port}`, random: seededRandom(seed + 100), record }, () => isOver),
      ),
    ];
    await pause(settlingSeconds * 1000);
    for (const end = Date.now() + watchedSeconds * 1000; Date.now() < end; await pause(1000)) {
      memory.push(await residentMb(server.url));
    }
    isOver = true;
    await Promise.all(callers);
  } finally {
    const code = await stopProcess(server);
    if (code !== 0) record.fail(`the server ended with ${code}`);
    rmSync(folder, { recursive: true });
  }
  report(record, memory);
}

async function residentMb(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1];
  return Number(bytes) / 1024 ** 2;
}

function report(record: SoakRecord, memory: readonly number[]): void {
  const { grown, noise } = memorySlope(memory);
  console.log(`calls: ${record}`);
  const [from, to] = [Math.min(...memory), Math.max(...memory)].map((mb) => mb.toFixed(0));
  console.log(`memory: ${from} to ${to} MB; grew by ${grown.toFixed(1)} ± ${(2 * noise).toFixed(1)} MB`);
  for (const failure of record.failures) console.log(`failed: ${failure}`);
  const unseen = outcomes.filter((outcome) => record.of(outcome) === 0);
  if (unseen.length > 0) console.log(`failed: nothing was ${unseen.join(', ')}`);
  const isLeaking = grown > mostGrownMb && grown > 3 * noise;
  if (isLeaking) console.log(`failed: memory grew by more than ${mostGrownMb} MB, and by more than chance explains`);
  const checks = [record.failures.length === 0, unseen.length === 0, !isLeaking];
  const failed = checks.filter((passed) => !passed).length;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
