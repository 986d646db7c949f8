import type { WholeText } from '../../core/generation/collect-texts.ts';
import type { TextFinish, TextPiece, TextToken } from '../../core/generation/generate-text.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import type { TextUsage, TextWriter } from '../generation/text-plan.ts';
import type { GenerateRequest } from './read-generate-request.ts';

const finishReasons: Readonly<Record<TextFinish, string>> = {
  end: 'eos_token',
  stop: 'stop_sequence',
  length: 'length',
};

/**
 * Writes the answers of Triton's generate extension, with the details of the Open Inference Protocol where they are
 * asked for.
 */
export class GenerateWriter implements TextWriter {
  readonly #frame: object;
  readonly #details: boolean;

  constructor({ name, version }: ModelVersion, { id, details }: GenerateRequest) {
    this.#frame = { ...(id !== undefined && { id }), model_name: name, model_version: String(version) };
    this.#details = details;
  }

  whole(texts: readonly WholeText[], usage: TextUsage): object {
    const [{ text, tokens, finish }] = texts as readonly [WholeText];
    const details = {
      finish_reason: finishReasons[finish],
      logprobs: tokens.map(describe),
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
    };
    return this.#event(text, details);
  }

  piece(_choice: number, { text, tokens, finish }: TextPiece): readonly object[] {
    const reason = finish ? finishReasons[finish] : null;
    if (!this.#details) return text === '' && !finish ? [] : [this.#event(text, {})];
    // An event has one token: the text comes with the last of those that made it.
    const before = tokens.slice(0, -1).map((token) => this.#event('', { finish_reason: null, token: describe(token) }));
    const last = tokens.at(-1);
    if (!last && text === '' && !finish) return [];
    return [...before, this.#event(text, { finish_reason: reason, token: last ? describe(last) : null })];
  }

  end(): readonly object[] {
    return [];
  }

  #event(text: string, details: object): object {
    return { ...this.#frame, text_output: text, ...(this.#details && { details }) };
  }
}

function describe({ token, text, logprob }: TextToken): object {
  return { id: token, text, logprob, special: false };
}
