import type { Tensor } from '../../protocol/tensor.ts';
import { isFraction } from '../is-fraction.ts';
import { compareTensors, type TensorDifference } from '../releases/compare-tensors.ts';
import { isProbabilities } from './is-probabilities.ts';
import { leastCosine } from './least-cosine.ts';

/**
 * What an output's answers are, by which it shows how they may differ: elements that are the same or not, scores of
 * classes, vectors with a direction, or numbers each for itself.
 */
export type AnswerKind = 'exact' | 'classes' | 'vectors' | 'numbers';

/** A case that shows something of an output, and what. */
interface Shown {
  readonly where: string;
  readonly found: TensorDifference;
}

/** How far answers at one output are from those expected, over all cases. */
export class AnswerTally {
  kind: AnswerKind | undefined;
  /** The largest difference of two elements, in their own unit. */
  largest = 0;
  /** The same by |answer − expected| / max(1, |expected|), and where that is. */
  relative = 0;
  worst: Shown | undefined;
  /** Rows with another best class, or elements that are not the same; of how many; and the first case that has one. */
  flips = 0;
  rows = 0;
  firstFlip: string | undefined;
  leastCosine = 1;
  leastCosineAt: string | undefined;

  /** Takes in an answer of one case. Both tensors have one shape. */
  add(where: string, actual: Tensor, expected: Tensor): void {
    this.kind = merged(this.kind, kindOf(actual, expected));
    const found = compareTensors(actual, expected);
    this.largest = Math.max(this.largest, found.largest);
    if (found.relative > this.relative) {
      this.relative = found.relative;
      this.worst = { where, found };
    }
    this.flips += found.flips;
    this.rows += found.rows;
    if (found.flips > 0) this.firstFlip ??= where;
    if (this.kind === 'exact' || this.kind === 'numbers') return;
    const cosine = leastCosine(actual, expected);
    if (cosine >= this.leastCosine) return;
    this.leastCosine = cosine;
    this.leastCosineAt = where;
  }
}

function kindOf(actual: Tensor, expected: Tensor): AnswerKind {
  if (!isFraction(actual.datatype)) return 'exact';
  if ((actual.shape.at(-1) ?? 1) < 2) return 'numbers';
  return isProbabilities(expected) ? 'classes' : 'vectors';
}

/** Of an output whose answers are of two kinds nothing more is known than the less of both. */
function merged(known: AnswerKind | undefined, kind: AnswerKind): AnswerKind {
  if (known === undefined || known === kind) return kind;
  return known === 'numbers' || kind === 'numbers' ? 'numbers' : 'vectors';
}
