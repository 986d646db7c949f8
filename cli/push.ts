import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { placeOf } from '../src/adapters/place-of.ts';
import { zeroTensor } from '../src/core/zero-tensor.ts';
import { readOnnx } from '../src/graph/read-onnx.ts';
import { modelsOption } from './models-option.ts';
import { openModel } from './open-model.ts';

interface PushOptions {
  readonly name: string;
  readonly version?: number;
  readonly models: string;
}

/** `tensorgate push`: a model file, tried out, becomes a version in the repository. */
export function pushCommand(): Command {
  return new Command('push')
    .description('try an ONNX file out and store it, with its external data, as a version of a model')
    .argument('<file>', 'the ONNX file')
    .requiredOption('--name <name>', 'the model that it is a version of')
    .option('--version <number>', 'the version; one more than the newest without it', versionNumber)
    .addOption(modelsOption())
    .action(push);
}

async function push(file: string, { name, version: wanted, models: uri }: PushOptions): Promise<void> {
  const store = openModelStore(uri);
  const path = resolve(file);
  if (!(await stat(path).catch(() => undefined))?.isFile()) throw new Error(`there is no file ${file}`);
  const { externalData } = await readOnnx(path).catch((error: Error) => {
    throw new Error(`${file} is ${error.message}`);
  });
  if (externalData.includes('model.onnx')) {
    throw new Error(
      `${file} names its external data 'model.onnx', which is what the model itself is stored as: save the data under another name`,
    );
  }
  await tryOut(path, file);
  await createFolder(uri);
  const version = wanted ?? ((await store.find(name))?.versions.at(-1) ?? 0) + 1;
  const beside = externalData.map((location): [string, string] => [location, join(dirname(path), location)]);
  await store.put(name, version, new Map([...beside, ['model.onnx', path]]));
  // Of a bucket, the folder of a fetched version is but its copy on this disk.
  const place =
    's3' in placeOf(uri) ? `${uri.replace(/\/+$/, '')}/${name}/${version}` : (await store.fetch(name, version)).folder;
  console.log(`stored model '${name}' version ${version} in ${place}`);
}

/** Runs the model once on zeros. Rejects where it cannot be loaded or run. */
async function tryOut(path: string, file: string): Promise<void> {
  const session = await openModel(path, file);
  try {
    await session.run({
      inputNames: session.inputs.map((input) => input.name),
      inputs: session.inputs.map((input) => zeroTensor(input)),
      outputNames: session.outputs.map((output) => output.name),
    });
  } catch (error) {
    // A model may refuse the size 1 that was guessed for its free dimensions; that says nothing against it.
    const guessed = session.inputs.some((input) => input.shape.includes(-1));
    const message = error instanceof Error ? error.message : String(error);
    if (!guessed) throw new Error(`${file} loads, but a run on zeros fails: ${message}`);
    console.error(
      `warning: a run on zeros, with free dimensions of 1, was refused (set warmupShapes in model.json): ${message}`,
    );
  } finally {
    await session.release();
  }
}

async function createFolder(uri: string): Promise<void> {
  const place = placeOf(uri);
  if ('path' in place) await mkdir(place.path, { recursive: true });
}

function versionNumber(text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}
