import { isObject } from '../../protocol/is-object.ts';
import { shownJson } from '../shown-json.ts';
import { poolingConfigOf } from './pooling-config-of.ts';
import type { ReadText } from './read-json-file.ts';
import { readObject } from './read-object.ts';
import { sentenceModules } from './sentence-modules.ts';

const file = 'config_sentence_transformers.json';

/**
 * What sentence-transformers puts before each text without being asked: the prompt that `default_prompt_name` names.
 * Undefined where it puts nothing there. Rejects with an Error where its tokens are no part of the vector.
 */
export async function promptOf(readText: ReadText): Promise<string | undefined> {
  const { default_prompt_name: name, prompts } = (await readObject(readText, file)) ?? {};
  if (name === undefined || name === null) return undefined;
  const prompt = isObject(prompts) && typeof name === 'string' ? prompts[name] : undefined;
  if (typeof prompt !== 'string')
    throw new Error(`${file}: 'default_prompt_name' is ${shownJson(name)}, and 'prompts' has no text of that name`);
  if (prompt === '') return undefined;
  const { config, folder } = await poolingConfigOf(readText, await sentenceModules(readText));
  if (config?.include_prompt === false)
    throw new Error(
      `${folder}/config.json: 'include_prompt' leaves the prompt's tokens out of the vector; ${file} says to put ${shownJson(prompt)} before each text, and there is no setting for both`,
    );
  return prompt;
}
