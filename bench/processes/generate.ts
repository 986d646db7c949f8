import { createInterface } from 'node:readline';
import type { GenerateJob, GenerateResult, GenerateTokens } from './generate-job.ts';

/** V8 compiles what a step runs within some 1,500 tokens, which larger models take too long for, and of whose steps it is little. */
const warmUp = { rounds: 24, mostMs: 10_000 };

/**
 * node bench/processes/generate.ts JOB. Says `ready` once it is warm; then, for each line of stdin, generates what the job says from
 * new prompts and prints the result as JSON.
 */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as GenerateJob;
  const open =
    job.engine === 'generator'
      ? (await import('./open-generator.ts')).openGenerator
      : (await import('./open-loop.ts')).openLoop;
  const generate = await open(job);
  let round = 0;
  const end = performance.now() + warmUp.mostMs;
  for (; round < warmUp.rounds && performance.now() < end; round += 1) await measure(job, generate, round);
  console.log('ready');
  for await (const _line of createInterface({ input: process.stdin })) {
    round += 1;
    console.log(JSON.stringify(await measure(job, generate, round)));
  }
}

async function measure(job: GenerateJob, generate: GenerateTokens, round: number): Promise<GenerateResult> {
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: job.callers }, (_, caller) =>
      generate(prompt(job, round * job.callers + caller), job.newTokens, () => times.push(performance.now())),
    ),
  );
  const [first = Number.NaN, last = Number.NaN] = [times[0], times.at(-1)];
  return {
    perSecond: ((times.length - 1) * 1000) / (last - first),
    withPrompts: (times.length * 1000) / (last - started),
    firstMs: first - started,
  };
}

/** Tokens that no other prompt begins with: nothing of it is known from before. */
function prompt({ promptTokens }: GenerateJob, number: number): readonly number[] {
  return Array.from({ length: promptTokens }, (_, index) => 3 + ((number * 977 + index * 31) % 30_000));
}

await main();
