import { listNames } from '../list-names.ts';
import { seededRandom } from '../seeded-random.ts';
import { heldBackNote } from './held-back-note.ts';
import type { LabelledRows, PrepareOptions } from './prepare-rows.ts';
import type { PreparedRows } from './prepared-rows.ts';
import { rowName } from './row-name.ts';
import type { RowTargets } from './row-targets.ts';
import type { Split } from './split.ts';
import { splitRows } from './split-rows.ts';

const mostLeaks = 5;

/**
 * Parts rows by themselves or, where there are rows for tests alone, these from the others, which are numbered first.
 *
 * Throws an Error where none of the rows to learn from is left, or none of some class.
 */
export function partRows(
  rows: LabelledRows,
  test: LabelledRows | undefined,
  found: RowTargets,
  { predicts, shares, seed }: Pick<PrepareOptions, 'predicts' | 'shares' | 'seed'>,
): Pick<PreparedRows, 'split' | 'notes'> {
  const own = { validation: shares.validation, test: test ? 0 : shares.test };
  const split = splitRows({ strata: found.strata, keys: rows.keys }, own, seededRandom(seed));
  const { kept, leaks } = test ? withoutLeaks(split, rows, test) : { kept: split, leaks: [] };
  const { names = [] } = found;
  const had = countClasses(rows.targets.keys(), found, predicts);
  const missingIn = (part: readonly number[], least = 1) => {
    const left = countClasses(part, found, predicts);
    return names.filter((_name, place) => (had[place] as number) >= least && left[place] === 0);
  };
  checkLeft(rows, test, kept.train, missingIn(kept.train));
  const lone = names.filter((_name, place) => had[place] === 1);
  const notes = [
    lone.length > 0 ? `there is one row alone of ${listNames(lone)}: it is trained with, and not measured` : undefined,
    heldBackNote({
      to: 'stop by',
      share: own.validation,
      rows: kept.validation,
      missing: missingIn(kept.validation, 2),
    }),
    heldBackNote({ to: 'measure by', share: own.test, rows: kept.test, missing: missingIn(kept.test, 2) }),
    ...leaks,
  ];
  return { split: kept, notes: notes.filter((note) => note !== undefined) };
}

/** How many of the rows are of each class. */
function countClasses(
  rows: Iterable<number>,
  { names = [], targets, size = 1 }: RowTargets,
  predicts: PrepareOptions['predicts'],
): readonly number[] {
  const counts = names.map(() => 0);
  const count = (place: number) => {
    counts[place] = (counts[place] as number) + 1;
  };
  for (const row of rows) {
    if (predicts === 'classes') count(targets[row] as number);
    else for (let at = 0; at < counts.length; at += 1) if (targets[row * size + at] === 1) count(at);
  }
  return counts;
}

function checkLeft(
  rows: LabelledRows,
  test: LabelledRows | undefined,
  train: readonly number[],
  missing: readonly string[],
): void {
  if (train.length > 0 && missing.length === 0) return;
  const some = train.length > 0 ? `of ${listNames(missing)} in` : 'of';
  throw new Error(
    test
      ? `all rows ${some} ${rows.label} to train with are in ${test.label} as well: expected others to measure by`
      : `all rows ${some} ${rows.label} are held back to measure or to stop by: expected more of them, or another seed`,
  );
}

function withoutLeaks(split: Split, rows: LabelledRows, test: LabelledRows) {
  const places = new Map(test.keys.map((key, row) => [key, row]));
  const leaked: string[] = [];
  const keep = (row: number) => {
    const other = places.get(rows.keys[row] as string);
    if (other !== undefined) leaked.push(`${rowName(rows, row)} is ${rowName(test, other)}`);
    return other === undefined;
  };
  const kept = {
    train: split.train.filter(keep),
    validation: split.validation.filter(keep),
    test: test.keys.map((_key, row) => rows.keys.length + row),
  };
  const more = leaked.length > mostLeaks ? `, and ${leaked.length - mostLeaks} more` : '';
  const pairs = `${rows.names ? '' : 'row '}${leaked.slice(0, mostLeaks).join(', ')}${more}`;
  const note = `in ${test.label} as well as in ${rows.label}: ${pairs}. These are left out of the training`;
  return { kept, leaks: leaked.length > 0 ? [note] : [] };
}
