import type { Steps } from '../pace/steps.ts';

export interface ScoredBox {
  readonly score: number;
  /** Left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
}

/**
 * Of boxes that share more than `overlap` of what they cover together, the best alone; best first, `most` at most.
 *
 * Source: greedy non-maximum suppression, as ONNX's NonMaxSuppression has it.
 */
export function* suppressBoxes(
  candidates: readonly ScoredBox[],
  { overlap, most }: Readonly<Record<'overlap' | 'most', number>>,
): Steps<readonly ScoredBox[]> {
  const kept: ScoredBox[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    if (kept.length === most) break;
    yield;
    if (kept.every((better) => shared(better.box, candidate.box) <= overlap)) kept.push(candidate);
  }
  return kept;
}

/** What two boxes share, as a part of what they cover together. */
function shared(a: ScoredBox['box'], b: ScoredBox['box']): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (area(a) + area(b) - width * height);
}

function area([left, top, right, bottom]: ScoredBox['box']): number {
  return (right - left) * (bottom - top);
}
