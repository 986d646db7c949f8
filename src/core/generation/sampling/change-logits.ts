import type { GenerationSettings } from '../generation.ts';

/** What a sequence has of tokens so far. */
export interface SeenTokens {
  /** Of the prompt and of what was generated. */
  readonly all: ReadonlySet<number>;
  /** How often each was generated. */
  readonly generated: ReadonlyMap<number, number>;
}

type Changes = Pick<GenerationSettings, 'repetitionPenalty' | 'presencePenalty' | 'frequencyPenalty' | 'logitBias'>;

/**
 * Makes tokens more or less likely, in place: penalties for those that were there, then bias; those that may not come
 * cannot.
 */
export function changeLogits(
  logits: Float32Array,
  { repetitionPenalty, presencePenalty, frequencyPenalty, logitBias }: Changes,
  { all, generated }: SeenTokens,
  allowed: Uint32Array | undefined,
): void {
  if (repetitionPenalty !== 1) {
    for (const token of all) {
      const logit = logits[token] as number;
      logits[token] = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty;
    }
  }
  if (presencePenalty !== 0 || frequencyPenalty !== 0) {
    for (const [token, count] of generated) {
      logits[token] = (logits[token] as number) - presencePenalty - frequencyPenalty * count;
    }
  }
  for (const [token, bias] of logitBias) logits[token] = (logits[token] as number) + bias;
  if (allowed) forbidOthers(logits, allowed);
}

function forbidOthers(logits: Float32Array, allowed: Uint32Array): void {
  for (let first = 0; first < logits.length; first += 32) {
    const word = allowed[first >> 5] ?? 0;
    if (word === 0) {
      logits.fill(Number.NEGATIVE_INFINITY, first, first + 32);
      continue;
    }
    const end = Math.min(first + 32, logits.length);
    for (let token = first; token < end; token += 1) {
      if (((word >>> (token - first)) & 1) === 0) logits[token] = Number.NEGATIVE_INFINITY;
    }
  }
}
