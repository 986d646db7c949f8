import type { GenerationSettings } from '../generation.ts';
import { likeliest } from './likeliest.ts';

/** e to the minus 40th is under what a sum of 1 and more can hold: such tokens would not change it. */
const leastExponent = -40;
const firstCount = 64;

// Written and read within one synchronous step, so one serves all.
let scratch = new Float64Array(0);

/**
 * A token by chance, as likely as the model has it at the temperature, of those that are left: by minP, then topK, then topP of what
 * those two leave.
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
  const weigh = (logit: number) => Math.exp((logit - most) / temperature);
  if (topK > 0 && topK < logits.length) {
    const tokens = likeliest(logits, topK, floor);
    const weights = Float64Array.from(tokens, (token) => weigh(logits[token] as number));
    return tokens[draw(weights, nucleus(weights, topP * sum(weights)), random)] as number;
  }
  if (scratch.length !== logits.length) scratch = new Float64Array(logits.length);
  let total = 0;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] as number;
    const weight = logit >= floor ? weigh(logit) : 0;
    scratch[token] = weight;
    total += weight;
  }
  if (topP >= 1) return draw(scratch, logits.length, random);
  for (let count = firstCount; ; count *= 8) {
    const tokens = likeliest(logits, count, floor);
    const weights = Float64Array.from(tokens, (token) => scratch[token] as number);
    const size = nucleus(weights, topP * total);
    // There may be more of them than were looked at.
    if (size === weights.length && weights.length === count && sum(weights) < topP * total) continue;
    return tokens[draw(weights, size, random)] as number;
  }
}

/** As many of the first weights as have `part` together; one at least. */
function nucleus(weights: Float64Array, part: number): number {
  let reached = 0;
  for (const [index, weight] of weights.entries()) {
    reached += weight;
    if (reached >= part) return index + 1;
  }
  return weights.length;
}

/** One of the first `size` places, by their weights. */
function draw(weights: Float64Array, size: number, random: () => number): number {
  const total = sum(weights.subarray(0, size));
  let left = random() * total;
  let last = 0;
  for (let index = 0; index < size; index += 1) {
    const weight = weights[index] as number;
    if (weight === 0) continue;
    last = index;
    left -= weight;
    if (left < 0) return index;
  }
  // Rounding left a little over.
  return last;
}

function sum(weights: Float64Array): number {
  let total = 0;
  for (let index = 0; index < weights.length; index += 1) total += weights[index] as number;
  return total;
}
