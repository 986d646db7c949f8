import { availableParallelism, cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRow } from './bench-row.ts';
import { printCells } from './print-cells.ts';
import { printRow } from './print-row.ts';
import { Child } from './processes/child.ts';

const groups: Record<string, () => Promise<AsyncGenerator<BenchRow>>> = {
  heavy: async () => (await import('./groups/heavy.ts')).benchHeavy(),
  'one-caller': async () => (await import('./groups/one-caller.ts')).benchOneCaller(),
  tiny: async () => (await import('./groups/tiny.ts')).benchTiny(),
  grpc: async () => (await import('./groups/grpc.ts')).benchGrpc(),
  fastapi: async () => (await import('./groups/fastapi.ts')).benchFastapi(),
  'json-decode': async () => (await import('./groups/json-decode.ts')).benchJsonDecode(),
  engine: async () => (await import('./groups/engine.ts')).benchEngine(),
  records: async () => (await import('./groups/records.ts')).benchRecords(),
  trust: async () => (await import('./groups/trust.ts')).benchTrust(),
  drift: async () => (await import('./groups/drift.ts')).benchDrift(),
  health: async () => (await import('./groups/health.ts')).benchHealth(),
  memory: async () => (await import('./groups/memory.ts')).benchMemory(),
  'load-unload': async () => (await import('./groups/load-unload.ts')).benchLoadUnload(),
  cold: async () => (await import('./groups/cold.ts')).benchCold(),
  batching: async () => (await import('./groups/batching.ts')).benchBatching(),
  peers: async () => (await import('./groups/peers.ts')).benchPeers(),
  llm: async () => (await import('./groups/llm.ts')).benchLlm(),
  embed: async () => (await import('./groups/embed.ts')).benchEmbed(),
  factory: async () => (await import('./groups/factory.ts')).benchFactory(),
  gpu: async () => (await import('./groups/gpu.ts')).benchGpu(),
  distil: async () => (await import('./groups/distil.ts')).benchDistil(),
  train: async () => (await import('./groups/train.ts')).benchTrain(),
  head: async () => (await import('./groups/head.ts')).benchHead(),
  gradients: async () => (await import('./groups/gradients.ts')).benchGradients(),
  batch: async () => (await import('./groups/batch.ts')).benchBatch(),
};

/**
 * node bench/main.ts [GROUP…]: prints the groups' rows. Ends with 1 where a row could not be measured; a target missed
 * is no failure.
 */
async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((name) => !Object.hasOwn(groups, name));
  if (unknown !== undefined) {
    console.error(`no group '${unknown}'; the groups are ${Object.keys(groups).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  console.log(`${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.versions.node}`);
  console.log(`load of the machine before: ${loadavg()[0]?.toFixed(1)}\n`);
  printCells('what', 'against', 'target', 'measured: ours / theirs');
  const verdicts: ReturnType<typeof printRow>[] = [];
  for (const [name, bench] of Object.entries(groups)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    try {
      for await (const row of await bench()) verdicts.push(printRow(row));
    } catch (error) {
      printCells(name, '', '', (error as Error).message, 'FAILED');
      process.exitCode = 1;
    }
    Child.endAll();
    // Lets the machine settle.
    await sleep(500);
  }
  const count = (wanted: (typeof verdicts)[number]) => verdicts.filter((verdict) => verdict === wanted).length;
  const [met, skipped] = [count('met'), count('skipped')];
  console.log(`\n${met} of ${met + count('missed')} targets met${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
await main(process.argv.slice(2));
// A process that could not start would be waited for.
process.exit();
