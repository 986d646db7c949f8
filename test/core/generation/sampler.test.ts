import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GenerationSettings } from '../../../src/core/generation/generation.ts';
import { Sampler } from '../../../src/core/generation/sampling/sampler.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { generationSettings } from '../../fakes/generation-settings.ts';

interface Case {
  readonly logits: readonly number[];
  readonly prompt: readonly number[];
  readonly settings: GenerationSettings;
  readonly allowed: readonly boolean[] | undefined;
}

const part = fc.double({ min: 0.01, max: 1, noNaN: true });
const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 300 }).chain((vocabulary) => {
  const token = fc.integer({ min: 0, max: vocabulary - 1 });
  const penalty = fc.double({ min: -2, max: 2, noNaN: true });
  return fc.record({
    // Numbers of 32 bits that are all others, so that rounding decides nothing.
    logits: fc.uniqueArray(fc.float({ min: -20, max: 20, noNaN: true, noDefaultInfinity: true }), {
      minLength: vocabulary,
      maxLength: vocabulary,
      selector: (number) => Math.round(number * 1e4),
    }),
    prompt: fc.array(token, { maxLength: 10 }),
    allowed: fc.option(fc.array(fc.boolean(), { minLength: vocabulary, maxLength: vocabulary }), { nil: undefined }),
    settings: fc
      .record({
        temperature: fc.oneof(fc.constant(0), fc.double({ min: 0.1, max: 3, noNaN: true })),
        topK: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 })),
        topP: fc.oneof(fc.constant(1), part),
        minP: fc.oneof(fc.constant(0), part),
        seed: fc.integer(),
        presencePenalty: penalty,
        frequencyPenalty: penalty,
        repetitionPenalty: fc.oneof(fc.constant(1), fc.double({ min: 0.5, max: 2, noNaN: true })),
        logitBias: fc
          .dictionary(token.map(String), fc.double({ min: -100, max: 100, noNaN: true }), { maxKeys: 4 })
          .map((bias) => new Map(Object.entries(bias).map(([key, number]) => [Number(key), number]))),
        logprobs: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
      })
      .map(generationSettings),
  });
});

describe('Sampler', () => {
  test('chooses as a plain reference does, several tokens in a row', () => {
    fc.assert(
      fc.property(cases, ({ logits, prompt, settings, allowed }) => {
        const accepted: number[] = [];
        const constraint = allowed?.includes(true) ? constraintOf(allowed, accepted) : undefined;
        const sampler = new Sampler(prompt, { ...settings, constraint });
        const random = seededRandom(settings.seed);
        const generated: number[] = [];
        for (let count = 0; count < 4; count += 1) {
          const changed = changedLogits(logits, prompt, generated, settings, constraint && allowed);
          const { token } = sampler.choose(Float32Array.from(logits));
          const candidates = plainCandidates(changed, settings);
          expect(settings.temperature === 0 ? token : candidates.has(token) && token).toBe(
            settings.temperature === 0 ? best(changed) : plainDraw(candidates, random),
          );
          generated.push(token);
        }
        expect(accepted).toEqual(constraint ? generated : []);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the logarithms of the probabilities that the model has, before anything changes them', () => {
    fc.assert(
      fc.property(cases, ({ logits, prompt, settings }) => {
        const { token, logprob, top } = new Sampler(prompt, settings).choose(Float32Array.from(logits));
        if (settings.logprobs === undefined) {
          expect([logprob, top]).toEqual([undefined, undefined]);
          return;
        }
        const most = Math.max(...logits);
        const whole = most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
        const order = logits.map((_, index) => index).sort((one, other) => (logits[other] ?? 0) - (logits[one] ?? 0));
        expect(logprob).toBeCloseTo((logits[token] as number) - whole, 4);
        expect(top?.map((each) => each.token)).toEqual(order.slice(0, settings.logprobs));
        for (const each of top ?? []) expect(each.logprob).toBeCloseTo((logits[each.token] as number) - whole, 4);
      }),
      { numRuns: 100 },
    );
  });

  test('tokens come as often as they are likely', () => {
    const sampler = new Sampler([], generationSettings({ temperature: 1, seed: 7 }));
    const counts = [0, 0, 0];
    for (let count = 0; count < 20_000; count += 1) {
      const { token } = sampler.choose(Float32Array.from([0.5, 0.3, 0.2], Math.log));
      counts[token] = (counts[token] ?? 0) + 1;
    }
    for (const [token, share] of [0.5, 0.3, 0.2].entries())
      expect((counts[token] ?? 0) / 20_000).toBeCloseTo(share, 1.7);
  });

  test('the same seed gives the same tokens, another one others', () => {
    const draws = (seed: number | undefined) => {
      const sampler = new Sampler([], generationSettings({ temperature: 1, seed }));
      return Array.from({ length: 30 }, () => sampler.choose(new Float32Array(1000)).token).join();
    };
    expect(draws(1)).toBe(draws(1));
    expect(draws(1)).not.toBe(draws(2));
    expect(draws(undefined)).not.toBe(draws(undefined));
  });

  test('a flat distribution has its nucleus as well', () => {
    const sampler = new Sampler([], generationSettings({ temperature: 1, topP: 0.5, seed: 3 }));
    for (let count = 0; count < 40; count += 1) {
      // Of tokens that are alike the lower ones are first.
      expect(sampler.choose(new Float32Array(10_000)).token).toBeLessThan(5000);
    }
  });

  test('a nucleus of nothing has the likeliest token', () => {
    const sampler = new Sampler([], generationSettings({ temperature: 2, topP: 0, seed: 3 }));
    const chosen = Array.from({ length: 20 }, () => sampler.choose(Float32Array.of(0.1, 0.3, 0.3, 0.2)).token);
    expect(new Set(chosen)).toEqual(new Set([1]));
  });

  test.each([[[Number.NaN, Number.NaN]], [[Number.NEGATIVE_INFINITY]], [[Number.POSITIVE_INFINITY, 1]]])(
    'logits %j fail',
    (logits) => {
      const choose = () => new Sampler([], generationSettings()).choose(Float32Array.from(logits));
      expect(choose).toThrow('the model gave no number');
    },
  );
});

function constraintOf(allowed: readonly boolean[], accepted: number[]) {
  const bits = new Uint32Array(Math.ceil(allowed.length / 32));
  for (const [token, may] of allowed.entries())
    if (may) bits[token >> 5] = (bits[token >> 5] ?? 0) | (1 << (token & 31));
  return { allowed: () => bits, accept: (token: number) => void accepted.push(token), release: () => undefined };
}

/** Logits as numbers of 32 bits after each change, as they are kept. */
function changedLogits(
  logits: readonly number[],
  prompt: readonly number[],
  generated: readonly number[],
  { repetitionPenalty, presencePenalty, frequencyPenalty, logitBias }: GenerationSettings,
  allowed: readonly boolean[] | undefined,
): number[] {
  return logits.map((given, token) => {
    let logit = Math.fround(given);
    const count = generated.filter((each) => each === token).length;
    if (count > 0 || prompt.includes(token)) {
      logit = Math.fround(logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty);
    }
    if (count > 0) logit = Math.fround(logit - presencePenalty - frequencyPenalty * count);
    logit = Math.fround(logit + (logitBias.get(token) ?? 0));
    return allowed && !allowed[token] ? Number.NEGATIVE_INFINITY : logit;
  });
}

/** The tokens that are left, with their weights, in their own order. */
function plainCandidates(
  logits: readonly number[],
  { temperature, topK, topP, minP }: GenerationSettings,
): Map<number, number> {
  const most = Math.max(...logits);
  const sorted = logits
    .map((logit, token) => ({ token, logit, weight: Math.exp((logit - most) / temperature) }))
    .sort((one, other) => other.logit - one.logit || one.token - other.token)
    .filter(({ weight }) => weight >= minP && weight > 0);
  const kept = topK > 0 ? sorted.slice(0, topK) : sorted;
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  const nucleus = kept.filter(({ weight }) => {
    const isIn = reached < topP * total;
    reached += weight;
    return isIn;
  });
  const ordered = nucleus.sort((one, other) => one.token - other.token);
  return new Map(ordered.map(({ token, weight }) => [token, weight]));
}

function plainDraw(candidates: ReadonlyMap<number, number>, random: () => number): number {
  let left = random() * [...candidates.values()].reduce((sum, weight) => sum + weight, 0);
  for (const [token, weight] of candidates) {
    left -= weight;
    if (left < 0) return token;
  }
  return [...candidates.keys()].at(-1) as number;
}

function best(logits: readonly number[]): number {
  return logits.indexOf(Math.max(...logits));
}
