import type { ModelVersion } from '../../core/model-version.ts';
import type { TextUsage } from '../generation/text-plan.ts';

/** What frames every answer of OpenAI's text API. */
export interface TextFrame {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** As it was asked for. */
  readonly model: string;
  /** Which version answers: with it the same seed gives the same tokens. */
  readonly system_fingerprint: string;
}

/** How a stream of OpenAI's text API is framed. */
export interface StreamOptions {
  /** The last event has the usage, and all others say that they have none. */
  readonly includeUsage: boolean;
}

/** Tokens as OpenAI counts them: those of a prompt once, however many answers it has. */
export function usageOf({ promptTokens, completionTokens }: TextUsage): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** The frame of an answer of `version`, now. */
export function frameOf(id: string, model: string, version: ModelVersion): TextFrame {
  const created = Math.floor(Date.now() / 1000);
  return { id, created, model, system_fingerprint: `${version.name}@${version.version}` };
}
