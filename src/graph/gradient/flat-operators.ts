/**
 * Operators whose outputs are floats, or of a type not known here, and do not change where their inputs change by
 * little.
 */
export const flatOperators: ReadonlySet<string> = new Set([
  'Sign',
  'Floor',
  'Ceil',
  'Round',
  'NonZero',
  'IsNaN',
  'IsInf',
]);
