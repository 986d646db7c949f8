import { openChatTemplate } from '../src/adapters/open-chat-template.ts';
import { chatTemplateSource } from '../src/core/generation/chat-template-source.ts';
import { readObject } from '../src/core/hugging-face/read-object.ts';
import { readOptional } from '../src/core/hugging-face/read-optional.ts';

/** Warns of chat templates that cannot be used: a model with one is stored all the same, as it goes on with texts. */
export async function warnOfChatTemplate(readText: (file: string) => Promise<string>): Promise<void> {
  const template = await readOptional(readText, 'chat_template.jinja');
  // Of a file that is broken the folder's task tells.
  const config = await readObject(readText, 'tokenizer_config.json').catch(() => undefined);
  const given = template === undefined ? (config ?? {}) : { chat_template: template };
  const sources = new Set([false, true].map((hasTools) => chatTemplateSource(given, hasTools)));
  for (const source of sources) {
    if (source === undefined) continue;
    await openChatTemplate(source).catch((error) => console.error(`warning: ${(error as Error).message}`));
  }
}
