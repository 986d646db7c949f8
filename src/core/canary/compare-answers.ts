import { isFraction } from '../is-fraction.ts';
import type { AnswerSample } from './answer-sample.ts';

/** How far an answer is from another one to the same request. */
export interface AnswerComparison {
  /** No label is another one, and other numbers are within the tolerance. */
  readonly agrees: boolean;
  /** Of numbers. */
  readonly largestDifference: number;
  /**
   * Rows of scores whose largest is another one, and other elements, texts and whole numbers, that are not the same.
   */
  readonly labelFlips: number;
  /** Of these, how many there were to compare. */
  readonly labels: number;
}

const differs: AnswerComparison = {
  agrees: false,
  largestDifference: Number.POSITIVE_INFINITY,
  labelFlips: 0,
  labels: 0,
};

/**
 * Compares an answer with the one that is expected. Of scores, rows of two or more numbers, it is the largest of a row
 * that counts; of other numbers, that they are within `tolerance`, a part of the largest number of their output.
 * Outputs that are missing or of another shape are another answer.
 */
export function compareAnswers(
  expected: readonly AnswerSample[],
  actual: readonly AnswerSample[],
  tolerance: number,
): AnswerComparison {
  const parts = expected.map((output) => {
    const found = actual.find(({ name }) => name === output.name);
    return found ? compareOutput(output, found, tolerance) : differs;
  });
  return {
    agrees: parts.every(({ agrees }) => agrees),
    largestDifference: parts.reduce((most, { largestDifference }) => Math.max(most, largestDifference), 0),
    labelFlips: parts.reduce((sum, { labelFlips }) => sum + labelFlips, 0),
    labels: parts.reduce((sum, { labels }) => sum + labels, 0),
  };
}

function compareOutput(expected: AnswerSample, actual: AnswerSample, tolerance: number): AnswerComparison {
  const { shape, elements, datatype } = expected;
  const isOfFractions = isFraction(datatype);
  if (String(shape) !== String(actual.shape) || isOfFractions !== isFraction(actual.datatype)) return differs;
  if (!isOfFractions) {
    const labelFlips = elements.reduce<number>((sum, element, at) => sum + Number(element !== actual.elements[at]), 0);
    const largestDifference = largest(elements, actual.elements);
    return { agrees: labelFlips === 0, largestDifference, labelFlips, labels: elements.length };
  }
  const largestDifference = largest(elements, actual.elements);
  const row = shape.at(-1) ?? 1;
  // Of longer rows there is but a sample.
  if (shape.length > 1 && row > 1 && elements.length % row === 0) {
    let labelFlips = 0;
    const labels = elements.length / row;
    for (let start = 0; start < elements.length; start += row)
      if (best(elements, start, row) !== best(actual.elements, start, row)) labelFlips += 1;
    return { agrees: labelFlips === 0, largestDifference, labelFlips, labels };
  }
  const margin = tolerance * elements.reduce<number>((most, each) => Math.max(most, Math.abs(numberOr0(each))), 0);
  return { agrees: largestDifference <= margin, largestDifference, labelFlips: 0, labels: 0 };
}

/** The place of a row's largest number; what is no number is larger than all. */
function best(elements: AnswerSample['elements'], start: number, count: number): number {
  let at = start;
  for (let index = start; index < start + count; index += 1) {
    const element = elements[index];
    if (typeof element === 'string') return -1;
    if ((element as number) > (elements[at] as number)) at = index;
  }
  return at;
}

/** Infinite where the one is a number and the other is none. */
function largest(expected: AnswerSample['elements'], actual: AnswerSample['elements']): number {
  return expected.reduce<number>((most, element, index) => {
    const other = actual[index];
    if (element === other) return most;
    const both = typeof element === 'number' && typeof other === 'number';
    return Math.max(most, both ? Math.abs(element - other) : Number.POSITIVE_INFINITY);
  }, 0);
}

function numberOr0(element: number | string): number {
  return typeof element === 'number' ? element : 0;
}
