import type { FieldFault } from '../../protocol/field-error.ts';
import { numberAdvice } from './number-advice.ts';

/** What is wrong with a record, and what to do about it but to mend it. */
export interface Told {
  readonly what: string;
  readonly advice?: string | undefined;
}

/** What people and programs write where there is no value. */
const missing = /^(-|\?|\.|#?n\/?a!?|nan|none|nil|null)$/i;
const infinite = /^[-+]?inf(inity)?$/i;
const truth = /^(true|false)$/i;
const withCommas = /^[-+]?\d+(,\d+)+(\.\d+)?$/;
const inThousands = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** What is told of a record, in words for whoever trains, for what it has in a column of texts or of numbers. */
export function toldOfValue({ field, kind, got }: FieldFault, isText: boolean): Told {
  if (kind === 'nothing') return { what: `the record has no field '${field}'` };
  const word = got.replace(/^["']|["']$/g, '');
  const what = `column '${field}': expected a ${isText ? 'text' : 'number'}, got ${kind === 'list' ? 'a list' : got}`;
  if (missing.test(word)) return { what: `${what}, which is a missing value` };
  if (isText || infinite.test(word)) return { what };
  if (withCommas.test(word)) return { what: `${what}: write ${withoutCommas(word)}` };
  if (kind === 'number') return { what: `column '${field}': ${word} is too large for FP32` };
  return { what, advice: numberAdvice[truth.test(word) ? 'boolean' : kind] };
}

/** What stands in thousands with one comma may be a number with digits behind it as well. */
function withoutCommas(word: string): string {
  const [whole, behind] = [word.replaceAll(',', ''), word.replace(',', '.')];
  const isOne = word.indexOf(',') === word.lastIndexOf(',') && !word.includes('.');
  if (!inThousands.test(word)) return isOne ? behind : whole;
  return isOne ? `${whole} or ${behind}` : whole;
}
