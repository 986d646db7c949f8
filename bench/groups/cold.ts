import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { type ColdStart, type Contestant, coldStart } from '../cold/cold-start.ts';
import { gatewayEvent } from '../cold/gateway-event.ts';
import { lambdaFunction } from '../cold/lambda-function.ts';
import { measurePace } from '../cold/measure-pace.ts';
import { startS3 } from '../cold/start-s3.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { convolutionModel } from '../models/convolution-model.ts';
import { inputData } from '../models/input-data.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { Child } from '../processes/child.ts';

const rounds = 9;
const key = (repository: string, { name }: BenchModel) => `${repository}/${name}/1/model.onnx`;

/**
 * From the start of a process to the first answer, with a model of 100 MB on an S3 server of S3's pace; and a warm
 * call.
 */
export async function* benchCold(): AsyncGenerator<BenchRow> {
  const s3 = await startS3();
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-bench-events-'));
  try {
    const model = convolutionModel();
    for (const repository of ['plain', 'prepared']) push(model, repository, s3.direct);
    const prepared = tensorgate(['prepare', model.name, '--models', 's3://models/prepared'], s3.direct);
    console.error(prepared.trim());
    const pace = await measurePace(s3.paced, key('plain', model), 6);
    console.error(
      `S3's pace: ${pace.firstByteMs.toFixed(0)} ms, ${pace.megabytesPerSecond.toFixed(0)} MB/s a connection`,
    );
    const event = eventFile(folder, model);
    yield* coldRows(await measure(contestants(s3.paced, model, event)));
    yield await warmRow(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await s3.end();
  }
}

type Name = 'prepared' | 'plain' | 'usual' | 'local';

function contestants(paced: NodeJS.ProcessEnv, model: BenchModel, event: string): Record<Name, Contestant> {
  const ours = (repository: string): Contestant => {
    const { folder, env } = lambdaFunction(`s3://models/${repository}`);
    return { handler: join(folder, 'index.js'), event, env: { ...env, ...paced } };
  };
  const base = { PATH: process.env.PATH, ...paced };
  return {
    prepared: ours('prepared'),
    plain: ours('plain'),
    usual: {
      handler: resolve('bench/peers/usual-handler.cjs'),
      event,
      env: { ...base, MODEL_KEY: key('plain', model) },
    },
    local: { handler: resolve('bench/peers/local-file.cjs'), event, env: { ...base, MODEL_PATH: model.path } },
  };
}

async function measure(all: Record<Name, Contestant>): Promise<Record<Name, readonly ColdStart[]>> {
  const names = Object.keys(all) as Name[];
  const results = await inTurns(rounds, ...names.map((name) => () => coldStart(all[name])));
  const starts = Object.fromEntries(names.map((name, index) => [name, results[index]])) as Record<Name, ColdStart[]>;
  for (const name of names) console.error(`${name.padEnd(9)} ${breakDown(starts[name])}`);
  return starts;
}

function breakDown(starts: readonly ColdStart[]): string {
  const of = (field: keyof ColdStart) => median(starts.map((start) => start[field])).toFixed(0);
  return `node ${of('nodeMs')}, modules ${of('modulesMs')}, download ${of('downloadMs')}, session ${of('sessionMs')}, run ${of('runMs')}: ${of('totalMs')} ms, ${of('peakMB')} MB`;
}

function* coldRows({ prepared, plain, usual, local }: Record<Name, readonly ColdStart[]>): Generator<BenchRow> {
  const people = 'the handler that people write';
  const disk = 'Node with the .onnx on its disk, create(path) and run';
  yield times('cold start, prepared form', people, prepared, usual, 4);
  yield memory('the same, peak memory', people, prepared, usual, 0.4);
  yield times('cold start, prepared form', disk, prepared, local, 1);
  yield times('cold start, .onnx', people, plain, usual, 2.3);
  yield memory('the same, peak memory', people, plain, usual, 0.75);
  const modulesMs = median(plain.map((start) => start.modulesMs));
  yield {
    what: 'code loaded before the first answer',
    against: '',
    measured: modulesMs,
    unit: 'ms',
    target: { atMost: 60 },
    figures: 'bundle without the layer',
  };
}

function times(
  what: string,
  against: string,
  ours: readonly ColdStart[],
  theirs: readonly ColdStart[],
  atLeast: number,
): BenchRow {
  const [our, their] = [ours.map(({ totalMs }) => totalMs), theirs.map(({ totalMs }) => totalMs)];
  const figures = `${median(our).toFixed(0)} / ${median(their).toFixed(0)} ms`;
  return { what, against, measured: medianRatio(their, our), unit: '×', target: { atLeast }, figures };
}

function memory(
  what: string,
  against: string,
  ours: readonly ColdStart[],
  theirs: readonly ColdStart[],
  atMost: number,
): BenchRow {
  const [our, their] = [ours.map(({ peakMB }) => peakMB), theirs.map(({ peakMB }) => peakMB)];
  const figures = `${median(our).toFixed(0)} / ${median(their).toFixed(0)} MB`;
  return { what, against, measured: medianRatio(our, their), unit: '×', target: { atMost }, figures };
}

async function warmRow(folder: string): Promise<BenchRow> {
  const model = tinyModel();
  const { folder: task, env } = lambdaFunction(model.repository);
  const args = ['bench/cold/warm-calls.cjs', join(task, 'index.js'), eventFile(folder, model), model.path];
  const child = new Child(process.execPath, args, { env });
  const { called, ran } = JSON.parse(await child.next(/^times (\{.*\})$/)) as Record<'called' | 'ran', number[]>;
  const [handlerMs, rawMs] = [median(called), median(ran)];
  return {
    what: 'a warm call through the handler, tiny model: added at the median',
    against: "onnxruntime-node's session.run",
    measured: handlerMs - rawMs,
    unit: 'ms',
    target: { atMost: 0.5 },
    figures: `${handlerMs.toFixed(3)} / ${rawMs.toFixed(3)} ms`,
  };
}

/** A file with the event that has the model's input as a raw body. */
function eventFile(folder: string, model: BenchModel): string {
  const path = join(folder, `${model.name}.json`);
  const headers = { 'Inference-Header-Content-Length': '0' };
  writeFileSync(
    path,
    gatewayEvent(`/v2/models/${model.name}/infer`, new Uint8Array(inputData(model.input).buffer), headers),
  );
  return path;
}

function push(model: BenchModel, repository: string, env: NodeJS.ProcessEnv): void {
  tensorgate(['push', model.path, '--name', model.name, '--models', `s3://models/${repository}`], env);
}

function tensorgate(args: readonly string[], env: NodeJS.ProcessEnv): string {
  return execFileSync(process.execPath, ['cli/tensorgate.js', ...args], {
    env: { ...env, HOME: tmpdir() },
    encoding: 'utf8',
  });
}
