import { likeliest } from './likeliest.ts';

/**
 * The last of the best tokens: those with a higher logit are among them, and of those with the same the ones up to
 * this.
 */
export interface Bound {
  readonly logit: number;
  readonly token: number;
}

const buckets = 2048;
/** As many as a heap finds quicker. */
const fewTokens = 256;

// Written and read within one synchronous step, so one serves all.
const sums = new Float64Array(buckets);

export function isWithin(bound: Bound, logit: number, token: number): boolean {
  return logit > bound.logit || (logit === bound.logit && token <= bound.token);
}

/**
 * Where the best tokens end that have `wanted` together: of their weights, or of their number without any. Those behind
 * `from` do not count; where all that do have less, `from` comes back.
 *
 * One pass over the logits where few tokens have it, else three, and sorting of those in the bucket that the bound is
 * in.
 */
export function findBound(
  logits: Float32Array,
  from: Bound,
  most: number,
  wanted: number,
  weights?: Float64Array,
): Bound {
  const amountOf = (token: number) => (weights ? (weights[token] as number) : 1);
  const few = firstWith(likeliest(logits, fewTokens, from.logit), wanted, 0, amountOf);
  if (few !== undefined) return boundAt(logits, few);
  const width = (most - from.logit) / buckets || 1;
  const bucketOf = (logit: number) => Math.min(Math.trunc((most - logit) / width), buckets - 1);
  sums.fill(0);
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] as number;
    if (!isWithin(from, logit, token)) continue;
    const bucket = bucketOf(logit);
    sums[bucket] = (sums[bucket] as number) + amountOf(token);
  }
  let reached = 0;
  let bucket = 0;
  while (bucket < buckets && reached + (sums[bucket] as number) < wanted) {
    reached += sums[bucket] as number;
    bucket += 1;
  }
  const inBucket: number[] = [];
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] as number;
    if (isWithin(from, logit, token) && bucketOf(logit) === bucket) inBucket.push(token);
  }
  inBucket.sort((one, other) => (logits[other] as number) - (logits[one] as number) || one - other);
  const last = firstWith(inBucket, wanted, reached, amountOf);
  return last === undefined ? from : boundAt(logits, last);
}

/** The first token with which all up to it have `wanted`, of which `reached` was there before them. */
function firstWith(
  tokens: Iterable<number>,
  wanted: number,
  reached: number,
  amountOf: (token: number) => number,
): number | undefined {
  let sum = reached;
  for (const token of tokens) {
    sum += amountOf(token);
    if (sum >= wanted) return token;
  }
  return undefined;
}

function boundAt(logits: Float32Array, token: number): Bound {
  return { logit: logits[token] as number, token };
}
