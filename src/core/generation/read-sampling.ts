import type { Fields } from '../fields.ts';
import type { GenerationSettings } from './generation.ts';

/** What callers say of how tokens are chosen, and of where the text ends. */
export interface Sampling {
  readonly settings: Omit<GenerationSettings, 'maxTokens' | 'logprobs' | 'endTokens' | 'constraint'>;
  /** Texts that end it, none of them empty. */
  readonly stops: readonly string[];
}

/** The fields that `readSampling` reads. */
export const samplingFields = [
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'logit_bias',
  'stop',
] as const;

const mostStops = 4;
const longestStop = 1000;
const penalty = { from: -2, to: 2 };

/**
 * How tokens are chosen, and where the text ends, in OpenAI's words and vLLM's; `temperature` is what counts where it
 * is not said. Throws 400.
 */
export function readSampling(fields: Fields, temperature: number): Sampling {
  return {
    settings: {
      temperature: fields.number('temperature', { from: 0, to: 2 }) ?? temperature,
      topP: fields.number('top_p', { from: 0, to: 1 }) ?? 1,
      // Both -1 and 0 stand for all, in one server or another.
      topK: Math.max(0, fields.whole('top_k', -1, Number.MAX_SAFE_INTEGER) ?? 0),
      minP: fields.number('min_p', { from: 0, to: 1 }) ?? 0,
      seed: fields.whole('seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      presencePenalty: fields.number('presence_penalty', penalty) ?? 0,
      frequencyPenalty: fields.number('frequency_penalty', penalty) ?? 0,
      // Of far less a logit would become more than a float holds.
      repetitionPenalty: fields.number('repetition_penalty', { from: 0.01, to: 2 }) ?? 1,
      logitBias: readBias(fields),
    },
    stops: readStops(fields),
  };
}

function readStops(fields: Fields): readonly string[] {
  const given = fields.value('stop') ?? [];
  const stops: readonly unknown[] = Array.isArray(given) ? given : [given];
  const isStop = (stop: unknown): stop is string =>
    typeof stop === 'string' && stop.length > 0 && stop.length <= longestStop && stop.isWellFormed();
  if (stops.length <= mostStops && stops.every(isStop)) return stops;
  throw fields.wrong(
    'stop',
    `a text, or a list of up to ${mostStops}, each of 1 to ${longestStop.toLocaleString('en')} characters`,
  );
}

function readBias(fields: Fields): ReadonlyMap<number, number> {
  const given = fields.value('logit_bias') ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw wrongBias(fields);
  const bias = new Map<number, number>();
  for (const [token, value] of Object.entries(given)) {
    const isRight = /^\d{1,15}$/.test(token) && typeof value === 'number' && Math.abs(value) <= 100;
    if (!isRight) throw wrongBias(fields);
    bias.set(Number(token), value);
  }
  return bias;
}

function wrongBias(fields: Fields) {
  return fields.wrong('logit_bias', 'an object with numbers from -100 to 100 by token');
}
