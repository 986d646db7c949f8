import type { GeneratedToken, GenerationSettings } from '../../src/core/generation/generation.ts';
import type { LanguageModel } from '../../src/core/generation/language-model.ts';
import type { Tokenizer } from '../../src/ports/tokenizer.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

const begin = 256;
const end = 257;

/** Each byte of a text is a token; 256 is put in front of a whole text, 257 ends an answer. */
export const byteTokenizer: Tokenizer = {
  maxTokens: undefined,
  vocabulary: 258,
  unknown: undefined,
  padding: undefined,
  encode: async (text, isWhole) => {
    const ids = [...(isWhole ? [begin] : []), ...new TextEncoder().encode(text)];
    return { ids, typeIds: ids.map(() => 0), texts: () => [], placeOf: () => undefined };
  },
  token: (id) => String(id),
  join: (tokens) => tokens.join(''),
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids.filter((id) => id < begin))),
  tokenBytes: () => Array.from({ length: 258 }, (_, id) => (id < begin ? Uint8Array.of(id) : undefined)),
};

/** A generation that was asked for. */
export interface AskedFor {
  /** The text of the prompt. */
  readonly prompt: string;
  readonly tokens: readonly number[];
  readonly settings: GenerationSettings;
  /** Tokens that were made. */
  made: number;
  /** The caller stopped reading, or the last token was read. */
  isEnded: boolean;
}

export interface FakeLanguageModelOptions {
  readonly config?: LanguageModel['tokenizerConfig'];
  /** Waited for before each token. */
  readonly before?: (made: number) => Promise<void>;
}

/** A model that says what `answer` does to a prompt, byte by byte; it takes 4,096 tokens. */
export class FakeLanguageModel implements LanguageModel {
  readonly tokenizer = byteTokenizer;
  readonly maxPositions = 4096;
  readonly endTokens = [end];
  readonly tokenizerConfig: LanguageModel['tokenizerConfig'];
  readonly asked: AskedFor[] = [];
  readonly #answer: (prompt: string, place: number) => string;
  readonly #before: FakeLanguageModelOptions['before'];

  constructor(answer: (prompt: string, place: number) => string, { config, before }: FakeLanguageModelOptions = {}) {
    this.#answer = answer;
    this.tokenizerConfig = config;
    this.#before = before;
  }

  readonly generate: LanguageModel['generate'] = (tokens, settings, signal) => {
    const prompt = this.tokenizer.decode(tokens);
    const asked: AskedFor = { prompt, tokens, settings, made: 0, isEnded: false };
    this.asked.push(asked);
    return this.#tokens(asked, this.#answer(prompt, this.asked.length - 1), signal);
  };

  async *#tokens(asked: AskedFor, answer: string, signal: AbortSignal): AsyncGenerator<GeneratedToken, void> {
    const { settings, tokens } = asked;
    if (tokens.length === 0) throw new ServiceError(400, 'the prompt has no token');
    if (tokens.length > this.maxPositions) throw new ServiceError(400, `the prompt has ${tokens.length} tokens`);
    const most = Math.min(settings.maxTokens, this.maxPositions - tokens.length);
    try {
      for (const token of [...new TextEncoder().encode(answer), end]) {
        await this.#before?.(asked.made);
        if (signal.aborted) throw signal.reason;
        asked.made += 1;
        if (token !== end) settings.constraint?.accept(token);
        const isLast = token === end || asked.made === most;
        if (isLast) asked.isEnded = true;
        const logprob = -asked.made / 8;
        const top = [
          { token, logprob },
          { token: 0x3f, logprob: -9 },
        ].slice(0, settings.logprobs);
        yield {
          token,
          ...(settings.logprobs !== undefined && { logprob, top }),
          ...(isLast && { finish: token === end ? 'stop' : 'length' }),
        };
        if (isLast) return;
      }
    } finally {
      asked.isEnded = true;
      settings.constraint?.release();
    }
  }
}
