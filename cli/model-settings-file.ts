import { readFile } from 'node:fs/promises';
import type { ModelConfigFile } from '../src/adapters/directory-model-store/fill-model-config.ts';
import { parseSettings } from '../src/adapters/directory-model-store/parse-settings.ts';
import { readModelConfig } from '../src/adapters/directory-model-store/read-model-config.ts';
import { replaceFile } from '../src/adapters/replace-file.ts';
import { unlessMissing } from '../src/adapters/unless-missing.ts';

/** The `model.json` at `path`; an empty one where there is none. */
export async function readModelSettings(path: string): Promise<ModelConfigFile> {
  const text = await readFile(path, 'utf8').catch(unlessMissing);
  return parseSettings(text ?? '{}') as ModelConfigFile;
}

/**
 * Puts `file` in place of the `model.json` at `path`, whole or not at all: a server may be watching it. Rejects where a
 * server would not take it.
 */
export async function writeModelSettings(path: string, file: ModelConfigFile): Promise<void> {
  const text = `${JSON.stringify(file, null, 2)}\n`;
  const { problem } = await readModelConfig(async () => text);
  if (problem) throw new Error(`${path} is left as it is, since no server would take what it was to be: ${problem}`);
  await replaceFile(path, text);
}
