import type { Tokenizer } from '../../ports/tokenizer.ts';
import type { Generate } from './generation.ts';

/** A loaded model that goes on with text, with all that is needed to talk to it. */
export interface LanguageModel {
  readonly tokenizer: Tokenizer;
  /** Tokens that a prompt and its answer may have together. */
  readonly maxPositions: number;
  /** What ends an answer: `eos_token_id` of generation_config.json, or config.json. */
  readonly endTokens: readonly number[];
  /**
   * tokenizer_config.json of the version's folder, with its chat template, or that of chat_template.jinja; undefined:
   * it has neither.
   */
  readonly tokenizerConfig: Readonly<Record<string, unknown>> | undefined;
  readonly generate: Generate;
}
