import { listNames } from '../list-names.ts';

/** Rows that are held back from training. */
export interface HeldBack {
  readonly to: 'stop by' | 'measure by';
  /** The part of all rows that they were to be. */
  readonly share: number;
  readonly rows: readonly number[];
  /** Classes that none of them is of. */
  readonly missing: readonly string[];
}

/** What is to be noted of rows that are held back: that there are none, though there were to be, or none of a class. */
export function heldBackNote({ to, share, rows, missing }: HeldBack): string | undefined {
  if (share === 0) return undefined;
  if (rows.length === 0) return `no rows are held back to ${to}: too few of them differ`;
  return missing.length > 0 ? `no row of ${listNames(missing)} is among those to ${to}` : undefined;
}
