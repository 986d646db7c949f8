import { differenceWords } from '../releases/difference-words.ts';
import type { AnswerTally } from './answer-tally.ts';
import type { Finding } from './finding.ts';
import { gateLimits } from './gate-limits.ts';
import { shareOf } from './share-of.ts';
import { shareWords } from './share-words.ts';

/** How far answers may be off. */
interface AnswerLimits {
  /** Of |answer − expected| / max(1, |expected|), where nothing is to be lost. */
  readonly tolerance: number | undefined;
  /** Of a vector with the one that it was. @default that of `gateLimits` */
  readonly cosine?: number;
}

/**
 * What is wrong with the answers at one output, if anything: of a conversion that loses nothing by how far any of them
 * is off, of one that does by what they say.
 */
export function judgeAnswers(
  name: string,
  tally: AnswerTally,
  { tolerance, cosine = gateLimits.cosine }: AnswerLimits,
): Finding | undefined {
  const { kind, worst, relative, flips, rows, firstFlip, leastCosineAt } = tally;
  if (tolerance !== undefined || kind === 'numbers') {
    const allowed = tolerance ?? gateLimits.relative;
    if (!worst || relative <= allowed) return undefined;
    return { name: 'other-answers', words: differenceWords(name, worst.found, allowed), where: worst.where };
  }
  if (kind === 'vectors') {
    if (tally.leastCosine >= cosine || leastCosineAt === undefined) return undefined;
    const words = `output '${name}': a cosine with the source's answer is ${tally.leastCosine.toFixed(3)}, expected ${cosine} at least`;
    return { name: 'other-answers', words, where: leastCosineAt };
  }
  const same = shareOf(rows - flips, rows);
  if (same.share >= gateLimits.agreement || firstFlip === undefined) return undefined;
  const words = `output '${name}': ${shareWords(same)} agree with the source, expected ${gateLimits.agreement * 100} %`;
  return { name: 'lost-points', words, where: firstFlip };
}
