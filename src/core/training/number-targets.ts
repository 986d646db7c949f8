import { BadRows } from './bad-rows.ts';
import { numberText } from './number-text.ts';

const advice = 'have classes told, by --new logistic or a recipe with "loss": {"kind": "cross-entropy"}';

/**
 * Targets that are numbers. Throws an Error that names the rows where a text is in a number's place, or where all are
 * the same.
 */
export function numberTargets(texts: readonly string[], label: string): readonly number[] {
  const bad = new BadRows(label, advice);
  const values = texts.map((text, row) => {
    const value = Number(text);
    if (!numberText.test(text)) bad.add(row, `expected a number, got '${text.slice(0, 40)}'`);
    else if (!Number.isFinite(Math.fround(value))) bad.add(row, `${text.slice(0, 40)} is too large for FP32`);
    return value;
  });
  bad.throwIfAny();
  if (values.every((value) => value === values[0]))
    throw new Error(`${label}: all ${values.length} rows are ${values[0]}: there is nothing to learn`);
  return values;
}
