import { mkdir, readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { placeOf } from '../src/adapters/place-of.ts';
import { type FolderTask, taskOfFolder } from '../src/core/hugging-face/task-of-folder.ts';
import { zeroTensor } from '../src/core/zero-tensor.ts';
import type { Session } from '../src/ports/session.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { filesToPush } from './files-to-push.ts';
import { modelsOption } from './models-option.ts';
import { openModel } from './open-model.ts';
import { warnOfChatTemplate } from './warn-of-chat-template.ts';

interface PushOptions {
  readonly name: string;
  readonly version?: number;
  readonly models: string;
}

/** `tensorgate push`: a model, tried out, and the files that belong to it become a version in the repository. */
export function pushCommand(): Command {
  return new Command('push')
    .description(
      'try an ONNX file out and store it, with its external data and the files beside it, as a version of a model',
    )
    .argument(
      '<files...>',
      'the ONNX file, and tokenizer.json, labels.txt, … where it needs them; or a folder, as Hugging Face has it',
    )
    .requiredOption('--name <name>', 'the model that it is a version of')
    .option('--version <number>', 'the version; one more than the newest without it', versionNumber)
    .addOption(modelsOption())
    .action(push);
}

async function push(paths: readonly string[], { name, version: wanted, models: uri }: PushOptions): Promise<void> {
  const store = openModelStore(uri);
  const { model, label, files } = await filesToPush(paths);
  const folder = await tryOut(model, label, files);
  await createFolder(uri);
  const version = wanted ?? ((await store.find(name))?.versions.at(-1) ?? 0) + 1;
  await store.put(name, version, files);
  // Of a bucket, the folder of a fetched version is but its copy on this disk.
  const place =
    's3' in placeOf(uri) ? `${uri.replace(/\/+$/, '')}/${name}/${version}` : (await store.fetch(name, version)).folder;
  console.log(`stored model '${name}' version ${version} in ${place}`);
  if (folder) console.log(`by its files: ${folder.words}`);
}

/** Runs the model once on zeros, and says what the files beside it are for. Rejects where it cannot be loaded or run. */
async function tryOut(
  path: string,
  label: string,
  files: ReadonlyMap<string, string>,
): Promise<FolderTask | undefined> {
  const session = await openModel(path, label);
  try {
    await runOnZeros(session, label);
    const signature = { inputs: session.inputs, outputs: session.outputs, unservable: [], labels: new Map() };
    const readText = (file: string) => readTextOf(files, file);
    await warnOfChatTemplate(readText);
    return await taskOfFolder({ signature, readText });
  } finally {
    await session.release();
  }
}

async function runOnZeros(session: Session, label: string): Promise<void> {
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
    if (!guessed) throw new Error(`${label} loads, but a run on zeros fails: ${message}`);
    console.error(
      `warning: a run on zeros, with free dimensions of 1, was refused (set warmupShapes in model.json): ${message}`,
    );
  }
}

async function readTextOf(files: ReadonlyMap<string, string>, file: string): Promise<string> {
  const path = files.get(file);
  if (path === undefined) throw new ServiceError(404, `there is no ${file}`);
  return readFile(path, 'utf8');
}

async function createFolder(uri: string): Promise<void> {
  const place = placeOf(uri);
  if ('path' in place) await mkdir(place.path, { recursive: true });
}

function versionNumber(text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}
