/** Fewer are grades, digits or stars. */
const manyClasses = 20;
/** Of rows, for a class: of amounts each has few. */
const fewRows = 10;

/**
 * What to note of classes that are whole numbers, many of them, with few rows each: they may be amounts, and a model
 * that tells them apart learns nothing of how near they are. Undefined where they are not so.
 */
export function numberClassesNote(names: readonly string[], rows: number, label: string): string | undefined {
  if (names.length < manyClasses || rows >= fewRows * names.length) return undefined;
  if (!names.every((name) => /^-?\d+$/.test(name))) return undefined;
  return `${label}: ${names.length} classes, all of them whole numbers, and ${rows} rows: amounts are predicted as numbers, by --new linear or by a recipe with "loss": {"kind": "mean-squared-error"}`;
}
