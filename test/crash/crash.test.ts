import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../src/adapters/s3-object-store/s3-object-store.ts';
import { inParallel } from '../../src/core/batch/in-parallel.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { checkJob, goOn, type KilledJob, killAfter, runThrough, type Stage } from './killed-job.ts';
import { runFickleJob } from './run-fickle-job.ts';

// 200 runs in all, most of the worker that starts soonest. Two at once, as many as CI has cores.
const atOnce = 2;
const s3 = new FakeS3();
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-crash-'));
  const iris = Array.from({ length: 200 }, (_, id) => ({ id, X: id % 7 === 3 ? 'no number' : [5.1, 3.5, 1.4, 0.2] }));
  await writeFile(join(folder, 'iris.jsonl'), lines(iris));
  await writeFile(join(folder, 'iris.jsonl.gz'), gzipSync(lines(iris)));
  await writeFile(join(folder, 'in.jsonl'), lines(Array.from({ length: 60 }, (_, id) => ({ id, x: [id] }))));
});
afterEach(() => rm(folder, { recursive: true }));

function lines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function onDirectory(name: string): Pick<KilledJob, 'output' | 'files'> & { readonly place: string } {
  const place = join(folder, name);
  const files = async () => (existsSync(place) ? readdir(place, { recursive: true }) : []);
  return { place, output: new DirectoryObjectStore(place), files };
}

function onS3(name: string): Pick<KilledJob, 'output' | 'files'> & { readonly place: string } {
  const retries = { attempts: 3, firstPauseMs: 1, longestPauseMs: 5 };
  const client = new S3Client('models', { retries, silenceMs: 5000, environment: s3.environment });
  const keys = () => [...s3.objects.keys()].filter((key) => key.startsWith(`${name}/`));
  return {
    place: `s3://models/${name}/`,
    output: new S3ObjectStore(client, `${name}/`),
    files: async () => keys().map((key) => key.slice(name.length + 1)),
  };
}

const kinds: Readonly<Record<string, (name: string) => KilledJob>> = {
  'the command, of a real model': (name) => {
    const { place, ...files } = onDirectory(name);
    const input = join(folder, name.endsWith('3') ? 'iris.jsonl.gz' : 'iris.jsonl');
    const settings = ['--map', 'X=X', '--workers', '1', '--shard-bytes', '800'];
    const words = ['cli/tensorgate.js', 'batch', 'iris', input, '-o', place, ...settings];
    return { ...files, words, environment: environment(), records: 200 };
  },
  'a model that fails by chance, on a directory': (name) => {
    const { place, ...files } = onDirectory(name);
    return { ...files, ...fickle(place, files.output), environment: environment() };
  },
  'a model that fails by chance, on S3': (name) => {
    const { place, ...files } = onS3(name);
    return { ...files, ...fickle(place, files.output), environment: { ...environment(), ...s3.environment } };
  },
};

/** Hundreds of processes start: what the first have compiled is read by the others. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
}

function fickle(place: string, output: ObjectStore): Pick<KilledJob, 'words' | 'records' | 'goOn'> {
  const goOn = () => runFickleJob(new DirectoryObjectStore(folder), output);
  return { words: ['test/crash/fickle-worker.ts', folder, place], records: 60, goOn };
}

test.each([
  ['the command, of a real model', 20],
  ['a model that fails by chance, on a directory', 90],
  ['a model that fails by chance, on S3', 90],
])(
  '%s: of %i runs that are killed, each ends with one answer or one error for each record',
  async (kind, runs) => {
    const open = kinds[kind] as (name: string) => KilledJob;
    const lengths: number[] = [];
    await inParallel(['a', 'b'], atOnce, async (name) => {
      const job = open(name);
      lengths.push(await runThrough(job));
      await checkJob(job);
    });
    let lengthMs = Math.max(...lengths);
    const stages = new Map<Stage, number>();
    await inParallel([...Array(runs).keys()], atOnce, async (run) => {
      for (let tries = 0; ; tries += 1) {
        const job = open(`${tries}-${run}`);
        const { stage, tookMs } = await killAfter(job, Math.random() * lengthMs);
        if (stage) await goOn(job);
        await checkJob(job);
        if (!stage) {
          // Where the machine had more to do as it was measured, hardly any would be killed.
          lengthMs = Math.max(tookMs, lengthMs / 2);
          continue;
        }
        stages.set(stage, (stages.get(stage) ?? 0) + 1);
        return;
      }
    });
    console.log(`${kind}: ${Math.round(lengthMs)} ms; killed while ${JSON.stringify(Object.fromEntries(stages))}`);
    const [whole, half] = ['between shards', 'in a shard'].map((stage) => stages.get(stage as Stage) ?? 0);
    expect((whole ?? 0) + (half ?? 0)).toBeGreaterThan(runs / 3);
    expect(half).toBeGreaterThan(0);
  },
  1_200_000,
);
