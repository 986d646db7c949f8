import type { Datatype } from './datatype.ts';
import { datatypes } from './datatypes.ts';

/** What other libraries call them. */
const others: Readonly<Record<string, Datatype>> = {
  BFLOAT16: 'BF16',
  DOUBLE: 'FP64',
  FLOAT: 'FP32',
  FLOAT16: 'FP16',
  FLOAT32: 'FP32',
  FLOAT64: 'FP64',
  HALF: 'FP16',
  STRING: 'BYTES',
};

/** The datatype that was most likely meant by `text`, which is none; undefined where nothing is near. */
export function nearestDatatype(text: string): Datatype | undefined {
  const word = text.toUpperCase().replace(/^TYPE_/, '');
  if (Object.hasOwn(others, word)) return others[word];
  return datatypes.words.find((each) => each === word) ?? datatypes.words.find((each) => isOneSlipAway(each, word));
}

/** Whether one character was changed, left out or put in. */
function isOneSlipAway(known: string, word: string): boolean {
  let start = 0;
  while (start < known.length && known[start] === word[start]) start += 1;
  const [rest, given] = [known.slice(start), word.slice(start)];
  return rest.slice(1) === given.slice(1) || rest.slice(1) === given || rest === given.slice(1);
}
