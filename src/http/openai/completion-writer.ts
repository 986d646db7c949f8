import type { WholeText } from '../../core/generation/collect-texts.ts';
import type { TextPiece, TextToken } from '../../core/generation/generate-text.ts';
import type { TextUsage, TextWriter } from '../generation/text-plan.ts';
import { finishReason } from './finish-reason.ts';
import { type StreamOptions, type TextFrame, usageOf } from './text-frame.ts';

export interface CompletionOptions extends StreamOptions {
  /** What the text of each choice begins with. */
  readonly echoes: readonly string[];
  readonly logprobs: boolean;
}

/** Writes the answers of `/v1/completions`. */
export class CompletionWriter implements TextWriter {
  readonly #frame: TextFrame;
  readonly #options: CompletionOptions;
  /** Choices of which a piece was written. */
  readonly #begun = new Set<number>();

  constructor(frame: TextFrame, options: CompletionOptions) {
    this.#frame = frame;
    this.#options = options;
  }

  whole(texts: readonly WholeText[], usage: TextUsage): object {
    const choices = texts.map(({ text, tokens, finish }, index) => ({
      index,
      text: this.#echo(index) + text,
      logprobs: this.#logprobs(tokens),
      finish_reason: finishReason(finish),
    }));
    return { ...this.#framed(choices), usage: usageOf(usage) };
  }

  piece(index: number, { text, tokens, finish }: TextPiece): readonly object[] {
    const echo = this.#begun.has(index) ? '' : this.#echo(index);
    this.#begun.add(index);
    if (echo + text === '' && !finish) return [];
    const choice = {
      index,
      text: echo + text,
      logprobs: this.#logprobs(tokens),
      finish_reason: finish ? finishReason(finish) : null,
    };
    return [{ ...this.#framed([choice]), ...(this.#options.includeUsage && { usage: null }) }];
  }

  end(usage: TextUsage): readonly (object | string)[] {
    const last = this.#options.includeUsage ? [{ ...this.#framed([]), usage: usageOf(usage) }] : [];
    return [...last, '[DONE]'];
  }

  #echo(index: number): string {
    return this.#options.echoes[index] ?? '';
  }

  #framed(choices: readonly object[]): object {
    return { ...this.#frame, object: 'text_completion', choices };
  }

  #logprobs(tokens: readonly TextToken[]): object | null {
    if (!this.#options.logprobs) return null;
    return {
      tokens: tokens.map(({ text }) => text),
      token_logprobs: tokens.map(({ logprob }) => logprob),
      // The token itself is always among them. Of those that read the same the likeliest counts.
      top_logprobs: tokens.map(({ text, logprob, top }) =>
        Object.fromEntries([{ text, logprob }, ...[...top].reverse()].map((each) => [each.text, each.logprob])),
      ),
      text_offset: tokens.map(({ offset }) => offset),
    };
  }
}
