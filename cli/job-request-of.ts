import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { Command } from 'commander';
import { fileOption, jobKinds } from '../src/core/model-jobs/job-kinds.ts';
import type { JobRequest, OptionValue } from '../src/ports/job-request.ts';
import { askServer } from './ask-server.ts';
import { modelCommands } from './model-commands.ts';
import { modelReference } from './model-reference.ts';
import type { PushedAs } from './pushed-as.ts';
import { serverUrl } from './server-url.ts';
import { unreadable } from './unreadable.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a server is asked for, so that it does what a command would do here; files are uploaded to it. Rejects with an
 * Error for what no job takes.
 */
export async function jobRequestOf(
  kind: keyof typeof modelCommands,
  words: readonly string[],
  url: string,
): Promise<JobRequest> {
  const command = await modelCommands[kind]();
  // It says what is wrong with its words as it would here, and does nothing else.
  await command
    .exitOverride()
    .action(() => undefined)
    .parseAsync([...words], { from: 'user' });
  const [source = '', another] = command.args;
  if (another !== undefined)
    throw new Error(
      `a job takes one file or folder, got ${command.args.join(', ')}: put them into a folder, with the model as model.onnx`,
    );
  const { name, ...given } = givenOptions(command);
  const options: Record<string, OptionValue> = {};
  for (const [option, value] of Object.entries(given)) {
    const schema = jobKinds[kind]?.options[option];
    if (schema === undefined) throw new UsageError(`--${option} is for this machine; no job takes it`);
    options[option] = schema === fileOption ? await upload(String(value), url) : inJson(value, schema);
  }
  const isHere = (await stat(source).catch(() => undefined)) !== undefined;
  const named = typeof name === 'object' ? nameOf(name as PushedAs) : name;
  if (jobKinds[kind]?.isNew?.(options)) return { kind, model: String(named ?? source), options };
  return {
    kind,
    model: String(named ?? modelReference(source).name),
    source: isHere ? { files: await uploadAll(source, url) } : source,
    options,
  };
}

function nameOf({ name, number }: PushedAs): string {
  if (number === undefined) return name;
  throw new UsageError(`--name ${name}@${number}: a job takes the first number that is free; leave @${number} out`);
}

/** A list that a command takes as one word is one word in a request, too. */
function inJson(value: unknown, schema: { readonly type?: unknown }): OptionValue {
  return Array.isArray(value) && schema.type === 'string' ? value.join(',') : (value as OptionValue);
}

function givenOptions(command: Command): Readonly<Record<string, unknown>> {
  const given = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(given);
}

async function uploadAll(place: string, url: string): Promise<Readonly<Record<string, string>>> {
  if (!(await stat(place)).isDirectory()) return { [basename(place)]: await upload(place, url) };
  const files: Record<string, string> = {};
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Hidden ones are no part of a model.
    const name = relative(place, path).split(sep).join('/');
    if (entry.isFile() && !/(^|\/)\./.test(name)) files[name] = await upload(path, url);
  }
  return files;
}

async function upload(path: string, url: string): Promise<string> {
  if ((await stat(path).catch(unreadable(path))).isDirectory())
    throw new Error(`${path} is a folder: a job takes files alone here`);
  const form = new FormData();
  form.append('purpose', 'batch');
  form.append('file', await openAsBlob(path), basename(path));
  const answer = await askServer(`${serverUrl(url)}/v1/files`, { method: 'POST', body: form });
  return ((await answer.json()) as { readonly id: string }).id;
}
