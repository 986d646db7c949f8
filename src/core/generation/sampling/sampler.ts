import { ServiceError } from '../../../protocol/service-error.ts';
import { seededRandom } from '../../seeded-random.ts';
import type { GeneratedToken, GenerationSettings } from '../generation.ts';
import { changeLogits } from './change-logits.ts';
import { drawToken } from './draw-token.ts';
import { likeliest } from './likeliest.ts';

/** Chooses the tokens of one sequence. */
export class Sampler {
  readonly #settings: GenerationSettings;
  readonly #random: () => number;
  readonly #all: Set<number>;
  readonly #generated = new Map<number, number>();

  constructor(prompt: readonly number[], settings: GenerationSettings) {
    this.#settings = settings;
    this.#random = settings.seed === undefined ? Math.random : seededRandom(settings.seed);
    this.#all = new Set(settings.repetitionPenalty === 1 ? [] : prompt);
  }

  /**
   * The next token, from the model's logits, which are changed in place. Throws ServiceError 500 where no token may
   * come.
   */
  choose(logits: Float32Array): GeneratedToken {
    const settings = this.#settings;
    const { constraint, logprobs } = settings;
    const before = logprobs === undefined ? undefined : logits.slice();
    changeLogits(logits, settings, { all: this.#all, generated: this.#generated }, constraint?.allowed());
    const best = highest(logits);
    const token = settings.temperature === 0 ? best : drawToken(logits, logits[best] as number, settings, this.#random);
    this.#generated.set(token, (this.#generated.get(token) ?? 0) + 1);
    if (settings.repetitionPenalty !== 1) this.#all.add(token);
    constraint?.accept(token);
    return before ? { token, ...probabilities(before, token, logprobs ?? 0) } : { token };
  }
}

/** The token with the highest logit; of two alike the lower one. */
function highest(logits: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  let from = 0;
  const { length } = logits;
  let token = 0;
  // Four at a time: that one of them is higher is rare, and which one it is matters for the last such four alone.
  for (; token + 3 < length; token += 4) {
    const one = logits[token] as number;
    const two = logits[token + 1] as number;
    const three = logits[token + 2] as number;
    const four = logits[token + 3] as number;
    if (one > most || two > most || three > most || four > most) {
      if (one > most) most = one;
      if (two > most) most = two;
      if (three > most) most = three;
      if (four > most) most = four;
      from = token;
    }
  }
  for (; token < length; token += 1) {
    if (!((logits[token] as number) > most)) continue;
    most = logits[token] as number;
    from = token;
  }
  if (most > Number.NEGATIVE_INFINITY && most < Number.POSITIVE_INFINITY) return logits.indexOf(most, from);
  throw new ServiceError(500, 'the model gave no number by which a token could be chosen');
}

/** Natural logarithms of what is likely at temperature 1. */
function probabilities(logits: Float32Array, token: number, count: number): Pick<GeneratedToken, 'logprob' | 'top'> {
  const most = logits[highest(logits)] as number;
  let sum = 0;
  for (let index = 0; index < logits.length; index += 1) sum += Math.exp((logits[index] as number) - most);
  const whole = most + Math.log(sum);
  const top = Array.from(likeliest(logits, count), (each) => ({
    token: each,
    logprob: (logits[each] as number) - whole,
  }));
  return { logprob: (logits[token] as number) - whole, top };
}
