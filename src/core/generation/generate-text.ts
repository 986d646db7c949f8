import type { GeneratedToken, GenerationSettings, TokenProbability } from './generation.ts';
import type { LanguageModel } from './language-model.ts';
import { StopFinder } from './stop-finder.ts';
import { TokenText } from './token-text.ts';

/** A token's probability, with its text. */
export interface TextProbability extends TokenProbability {
  /** As it stands where it is; where it is part of a character, U+FFFD. */
  readonly text: string;
}

/** A token of a text, where probabilities are wanted. */
export interface TextToken extends TextProbability {
  /** Characters of the text before it. */
  readonly offset: number;
  /** The likeliest in its place, best first. */
  readonly top: readonly TextProbability[];
}

export type TextFinish = 'end' | 'stop' | 'length';

/** What a token adds to a text, which may be nothing yet. */
export interface TextPiece {
  readonly text: string;
  /** The tokens of `text`, and of what is before it and was not told yet; empty where no probabilities are wanted. */
  readonly tokens: readonly TextToken[];
  /**
   * Why it is the last: the model ended the text, a stop did, or as many tokens were made as were wanted or the model
   * takes.
   */
  readonly finish?: TextFinish;
}

export interface TextSettings {
  readonly settings: GenerationSettings;
  /** Texts that end it, and are no part of it. */
  readonly stops: readonly string[];
  /** The prompt is given back in front of it, up to a character that it ends within: that is left to the text. */
  readonly isEchoed?: boolean | undefined;
}

/**
 * Goes on with a prompt: a piece for each token that the model makes, the last of which has `finish`. No piece ends
 * within a character or has part of a stop.
 *
 * Rejects as `Generate` does; ends the work at once where the caller stops reading (`return`), or a stop comes.
 */
export async function* generateText(
  { tokenizer, generate }: Pick<LanguageModel, 'tokenizer' | 'generate'>,
  prompt: readonly number[],
  { settings, stops, isEchoed }: TextSettings,
  signal: AbortSignal,
): AsyncGenerator<TextPiece, void> {
  const texts = new TokenText(tokenizer, prompt, isEchoed);
  const finder = new StopFinder(stops);
  const told = new ToldTokens();
  for await (const generated of generate(prompt, settings, signal)) {
    const { token, finish } = generated;
    const isEnd = finish === 'stop';
    const probability = isEnd ? undefined : describe(texts, generated);
    const text = (isEnd ? '' : texts.push(token)) + (finish ? texts.end() : '');
    if (probability) told.add(probability, text);
    const found = finder.push(text);
    if (found.isStopped) {
      yield { ...told.give(found.text), finish: 'stop' };
      return;
    }
    if (finish) yield { ...told.giveAll(found.text + finder.end()), finish: isEnd ? 'end' : finish };
    else yield told.give(found.text);
  }
}

function describe(
  texts: TokenText,
  { token, logprob, top = [] }: GeneratedToken,
): Omit<TextToken, 'offset'> | undefined {
  if (logprob === undefined) return undefined;
  const named = (each: TokenProbability) => ({ ...each, text: texts.peek(each.token) });
  return { ...named({ token, logprob }), top: top.map(named) };
}

/** Tokens, told with the text that they made. */
class ToldTokens {
  #waiting: TextToken[] = [];
  /** Characters of what tokens made, and of what was given. */
  #made = 0;
  #given = 0;

  add(token: Omit<TextToken, 'offset'>, text: string): void {
    this.#waiting.push({ ...token, offset: this.#made });
    this.#made += characters(text);
  }

  giveAll(text: string): Omit<TextPiece, 'finish'> {
    return { text, tokens: this.#waiting };
  }

  give(text: string): Omit<TextPiece, 'finish'> {
    this.#given += characters(text);
    const tokens = this.#waiting.filter(({ offset }) => offset < this.#given);
    this.#waiting = this.#waiting.slice(tokens.length);
    return { text, tokens };
  }
}

/** Where JavaScript takes some for two, OpenAI does not. */
function characters(text: string): number {
  return Array.from(text).length;
}
