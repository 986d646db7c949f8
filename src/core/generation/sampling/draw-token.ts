import type { GenerationSettings } from '../generation.ts';
import { type Bound, findBound, isWithin } from './find-bound.ts';

/** e to the minus 40th is under what a sum of 1 and more can hold: such tokens would not change it. */
const leastExponent = -40;

// Written and read within one synchronous step, so one serves all.
let scratch = new Float64Array(0);

/**
 * A token by chance, as likely as the model has it at the temperature, of those that are left: by minP, then topK, then
 * topP of what those two leave.
 *
 * @param most the highest of the logits
 */
export function drawToken(
  logits: Float32Array,
  most: number,
  settings: Pick<GenerationSettings, 'temperature' | 'topK' | 'topP' | 'minP'>,
  random: () => number,
): number {
  const { temperature, topK, topP, minP } = settings;
  const floor = most + temperature * Math.max(minP > 0 ? Math.log(minP) : leastExponent, leastExponent);
  let bound: Bound = { logit: floor, token: logits.length };
  if (topK > 0 && topK < logits.length) bound = findBound(logits, bound, most, topK);
  if (scratch.length !== logits.length) scratch = new Float64Array(logits.length);
  const weights = scratch;
  const total = weigh(weights, logits, bound, { most, temperature });
  if (topP >= 1) return draw(weights, total, random);
  bound = findBound(logits, bound, most, topP * total, weights);
  return draw(weights, keep(weights, logits, bound), random);
}

/** Weights of the tokens up to a bound, 0 for the others; their sum comes back. */
function weigh(
  weights: Float64Array,
  logits: Float32Array,
  bound: Bound,
  { most, temperature }: { readonly most: number; readonly temperature: number },
): number {
  let total = 0;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] as number;
    const weight = isWithin(bound, logit, token) ? Math.exp((logit - most) / temperature) : 0;
    weights[token] = weight;
    total += weight;
  }
  return total;
}

/** Takes the weights of tokens behind a bound away; the sum of the others comes back. */
function keep(weights: Float64Array, logits: Float32Array, bound: Bound): number {
  let total = 0;
  for (let token = 0; token < logits.length; token += 1) {
    if (isWithin(bound, logits[token] as number, token)) total += weights[token] as number;
    else weights[token] = 0;
  }
  return total;
}

function draw(weights: Float64Array, total: number, random: () => number): number {
  let left = random() * total;
  let last = 0;
  for (let token = 0; token < weights.length; token += 1) {
    const weight = weights[token] as number;
    if (weight === 0) continue;
    last = token;
    left -= weight;
    if (left < 0) return token;
  }
  // Rounding left a little over.
  return last;
}
