import type { ChatTemplate } from '../../ports/chat-template.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { chatTemplateSource } from './chat-template-source.ts';
import { checkPromptLength } from './check-prompt-length.ts';
import type { LanguageModel } from './language-model.ts';
import { promptTokens } from './prompt-tokens.ts';

/** A conversation, as chat templates take it. */
export interface Conversation {
  readonly messages: readonly { readonly content: string }[];
  /** Functions that the model may call, in OpenAI's form; empty: none. */
  readonly tools: readonly object[];
}

/** Opens the template of a model, which is told of by `label` in the log. */
export type OpenChatTemplate = (source: string, label: string) => Promise<ChatTemplate>;

type Config = Readonly<Record<string, unknown>>;

/** By what a loaded model keeps, and within it by source: opened once. */
const templates = new WeakMap<Tokenizer, Map<string, Promise<ChatTemplate>>>();

/**
 * The tokens of a conversation that the model is to answer, as its chat template writes it.
 *
 * Rejects with 400 where it has no template, the template does not parse or refuses the conversation, or it is too
 * long, and as `promptTokens`.
 */
export async function chatPrompt(
  model: Pick<LanguageModel, 'tokenizer' | 'maxPositions' | 'tokenizerConfig'>,
  { messages, tools }: Conversation,
  open: (source: string) => Promise<ChatTemplate>,
  signal: () => AbortSignal,
): Promise<readonly number[]> {
  // Before the template is let loose on them; a message without a word is one of the template's.
  const characters = messages.reduce((sum, { content }) => sum + Math.max(1, content.length), 0);
  checkPromptLength(characters, model.maxPositions);
  const config = model.tokenizerConfig ?? {};
  const source = sourceOf(config, tools.length > 0);
  const opened = templates.get(model.tokenizer) ?? new Map<string, Promise<ChatTemplate>>();
  templates.set(model.tokenizer, opened);
  const template = opened.get(source) ?? open(source);
  opened.set(source, template);
  const special = specialTokens(config);
  const text = (await template)({
    ...special,
    messages,
    tools: tools.length > 0 ? tools : null,
    documents: null,
    add_generation_prompt: true,
  });
  const { bos_token: begin } = special;
  // Templates write the token that a text begins with, except where it is the tokenizer's to add it.
  const isMissing = begin !== undefined && config.add_bos_token === true && !text.startsWith(begin);
  return promptTokens(model, isMissing ? begin + text : text, false, signal);
}

function sourceOf(config: Config, hasTools: boolean): string {
  const found = chatTemplateSource(config, hasTools);
  if (found !== undefined) return found;
  throw new ServiceError(
    400,
    'the model has no chat template (chat_template of tokenizer_config.json, or chat_template.jinja): send a text to /v1/completions',
    { field: 'model' },
  );
}

/** Texts of special tokens by the names that templates know them by, such as `bos_token`. */
function specialTokens(config: Config): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    const text = typeof value === 'string' ? value : Object(value).content;
    if (/^[a-z]+_token$/.test(name) && typeof text === 'string') found[name] = text;
  }
  return found;
}
