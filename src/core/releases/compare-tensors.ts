import { countElements } from '../../protocol/count-elements.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { isFraction } from '../is-fraction.ts';
import { elementOf } from './element-of.ts';

/** How far one answer is from another. */
export interface TensorDifference {
  /** The largest difference of two elements, in their own unit; of texts and NaN infinite. */
  readonly largest: number;
  /**
   * |actual − expected| / max(1, |expected|) where that is largest; infinite where whole numbers or texts are not the
   * same.
   */
  readonly relative: number;
  /** Where that is, and what is there. */
  readonly place: number;
  readonly actual: number | bigint | string;
  readonly expected: number | bigint | string;
  /** Rows whose largest element is another one; of whole numbers and texts, elements that are not the same. */
  readonly flips: number;
  /** Of how many. */
  readonly rows: number;
}

type Element = number | bigint | string;

/** Compares tensors of one shape, element by element. */
export function compareTensors(actual: Tensor, expected: Tensor): TensorDifference {
  const isExact = !isFraction(actual.datatype);
  const [found, wanted] = [elementOf(actual), elementOf(expected)];
  const count = countElements(actual.shape);
  let largest = 0;
  let relative = 0;
  let place = 0;
  let unlike = 0;
  for (let index = 0; index < count; index += 1) {
    const difference = distance(found(index), wanted(index));
    if (difference === 0) continue;
    unlike += 1;
    largest = Math.max(largest, difference);
    const scale = Math.max(1, Math.abs(Number(wanted(index))));
    const part = isExact || !Number.isFinite(difference) ? Number.POSITIVE_INFINITY : difference / scale;
    if (part > relative) [relative, place] = [part, index];
  }
  const classes = actual.shape.at(-1) ?? 1;
  const rows = isExact ? count : classes > 1 ? count / classes : 0;
  const flips = isExact ? unlike : countFlips(found, wanted, rows, classes);
  const [here, there]: Element[] = count > 0 ? [found(place), wanted(place)] : ['', ''];
  return { largest, relative, place, actual: here as Element, expected: there as Element, flips, rows };
}

function distance(a: Element, b: Element): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (typeof a === 'string' || typeof b === 'string') return Number.POSITIVE_INFINITY;
  const difference =
    typeof a === 'bigint' && typeof b === 'bigint' ? Math.abs(Number(a - b)) : Math.abs(Number(a) - Number(b));
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function countFlips(
  found: (place: number) => Element,
  wanted: (place: number) => Element,
  rows: number,
  classes: number,
): number {
  let flips = 0;
  for (let row = 0; row < rows; row += 1) if (best(found, row, classes) !== best(wanted, row, classes)) flips += 1;
  return flips;
}

/** The place of the largest element of a row, the first where there are several. */
function best(element: (place: number) => Element, row: number, classes: number): number {
  let place = 0;
  for (let index = 1; index < classes; index += 1)
    if (element(row * classes + index) > element(row * classes + place)) place = index;
  return place;
}
