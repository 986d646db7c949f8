import { BadRows } from './bad-rows.ts';

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * Targets that are numbers. Throws an Error that names the rows where a text is in a number's place, or where all are
 * the same.
 */
export function numberTargets(texts: readonly string[], label: string): readonly number[] {
  const bad = new BadRows(label, 'have classes told, by logistic, mlp or cnn');
  const values = texts.map((text, row) => {
    const value = Number(text);
    if (!number.test(text)) bad.add(row, `expected a number, got '${text.slice(0, 40)}'`);
    else if (!Number.isFinite(Math.fround(value))) bad.add(row, `${text.slice(0, 40)} is too large for FP32`);
    return value;
  });
  bad.throwIfAny();
  if (values.every((value) => value === values[0]))
    throw new Error(`${label}: all ${values.length} rows are ${values[0]}: there is nothing to learn`);
  return values;
}
