import { replaceJson } from '../../core/batch/replace-json.ts';
import { detectSource } from '../../core/factory/convert/detect-source.ts';
import type { SourceFacts } from '../../core/factory/convert/source-facts.ts';
import {
  type ConversionPlan,
  convertedFolder,
  endedFile,
  type PlannedConversion,
  planFile,
} from '../../core/model-jobs/conversion-plan.ts';
import type { ModelJob } from '../../core/model-jobs/model-job.ts';
import { runFiles } from '../../core/model-jobs/run-files.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { factsOfFile } from '../convert/facts-of-file.ts';
import type { S3ObjectStore } from '../s3-object-store/s3-object-store.ts';

/** Longer than a container has: it may wait for a place. */
const urlSeconds = 2 * 60 * 60;
/** As containers/convert writes them. */
const made = ['model.onnx', 'model.onnx.data', 'samples.jsonl', 'report.json'];
/** What of a folder goes with the model. */
const beside = /^[^/]+\.(json|txt|jinja)$/;

/**
 * Writes down what a container is to convert, by URLs for that alone, and tells which kind of container. Rejects with
 * ServiceError 400 for what cannot be converted, as far as its beginning tells.
 */
export async function planConversion(data: S3ObjectStore, job: ModelJob): Promise<PlannedConversion> {
  const { source, inputs, options } = job;
  if (typeof source !== 'object') throw new ServiceError(400, 'convert takes files as its source, not a model');
  const names = Object.keys(source.files);
  const { family } = await detected(data, job, source.files);
  const output = runFiles(data, job.id);
  const linkTo = async (file: string) => {
    const input = inputs[file];
    if (!input) throw new ServiceError(400, `there is no file '${file}'`);
    return data.linkTo(input, urlSeconds);
  };
  const toRead: [name: string, file: string][] = Object.entries(source.files).map(([name, file]) => [
    `source/${name}`,
    file,
  ]);
  if (options.samples !== undefined) toRead.push(['samples.jsonl', String(options.samples)]);
  const toStore = [...new Set([...made, ...names.filter((name) => names.length > 1 && beside.test(name))])];
  const storeAt = (name: string) => data.linkToStore(output.keyOf(convertedFolder + name), urlSeconds);
  const plan: ConversionPlan = {
    source: names.length === 1 ? `source/${names[0]}` : 'source',
    ...(options.samples !== undefined && { samples: 'samples.jsonl' }),
    seed: Number(options.seed ?? 0),
    inputs: await linked(toRead, linkTo),
    outputs: await linked(
      toStore.map((name) => [name, name] as const),
      storeAt,
    ),
    ended: await storeAt(endedFile),
  };
  const key = output.keyOf(planFile);
  await replaceJson(data, key, plan);
  return { family, url: await data.link(key, urlSeconds) };
}

async function linked(files: readonly (readonly [name: string, of: string])[], link: (of: string) => Promise<string>) {
  return Object.fromEntries(await Promise.all(files.map(async ([name, of]) => [name, await link(of)] as const)));
}

async function detected(data: S3ObjectStore, { inputs }: ModelJob, files: Readonly<Record<string, string>>) {
  const names = Object.keys(files);
  const label = names.length === 1 ? (names[0] as string) : 'the source';
  const facts = await factsOf(data, inputs, files);
  try {
    return detectSource(label, facts);
  } catch (error) {
    throw new ServiceError(400, (error as Error).message);
  }
}

async function factsOf(
  data: S3ObjectStore,
  inputs: ModelJob['inputs'],
  files: Readonly<Record<string, string>>,
): Promise<SourceFacts> {
  const [only, another] = Object.values(files).map((file) => inputs[file]);
  if (!only || another)
    return { kind: 'folder', entries: [...new Set(Object.keys(files).map((name) => name.split('/', 1)[0] as string))] };
  const read = async (position: number, length: number) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of data.read(only, position, position + length)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  return factsOfFile(read, only.bytes);
}
