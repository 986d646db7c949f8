import type { AnswerSample } from './answer-sample.ts';

/** Whether an output of fractions has elements that are no numbers, or infinite. */
export function holdsNoNumber({ datatype, elements }: AnswerSample): boolean {
  return /^(FP|BF)/.test(datatype) && elements.some((element) => typeof element === 'string');
}
