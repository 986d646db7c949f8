import type { Datatype } from '../../protocol/datatype.ts';

/**
 * What is looked at of an output: all of its elements, or as many whole rows from the start as are looked at, or a
 * sample of them.
 */
export interface AnswerSample {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** What JSON has no number for is text. */
  readonly elements: readonly (number | string)[];
}
