import { listNames } from '../list-names.ts';
import { seededRandom } from '../seeded-random.ts';
import { checkLabels } from './check-labels.ts';
import { type ClassTargets, checkClasses, classTargets } from './class-targets.ts';
import { coarseTargetsNote } from './coarse-targets-note.ts';
import { countLabels } from './count-labels.ts';
import { type LabelOptions, labelTargets } from './label-targets.ts';
import { numberTargets } from './number-targets.ts';
import type { Predicted, PreparedRows } from './prepared-rows.ts';
import { rowName } from './row-name.ts';
import { sameRows } from './same-rows.ts';
import type { Split } from './split.ts';
import { type SplitShares, splitRows } from './split-rows.ts';
import { vectorTargets } from './vector-targets.ts';

/** Rows of a file. */
export interface LabelledRows {
  /** What the file is called. */
  readonly label: string;
  /** What each is to be taken for. */
  readonly targets: readonly string[];
  /** Equal where rows are. */
  readonly keys: readonly string[];
  /** What each is called by whoever has no numbers for them. @default their numbers */
  readonly names?: readonly string[];
  /** What is to be said of what they were read from. */
  readonly notes?: readonly string[];
}

export interface PrepareOptions {
  readonly predicts: Predicted;
  /** What the one class is called of labels that say yes or no. @default '1' */
  readonly alone?: string | undefined;
  /** The classes that the model tells; those of the rows without it. */
  readonly classes?: readonly string[] | undefined;
  readonly shares: SplitShares;
  readonly seed: number;
}

/** Numbers are parted so that each part has as many of each tenth of them. */
const tenths = 10;

/**
 * Finds what rows are to be taken for, and parts them, by themselves or, where there are rows for tests alone, these
 * from the others. Rows of the second file are numbered behind those of the first.
 *
 * Throws an Error, with the numbers of rows, where nothing can be learned from them.
 */
export function prepareRows(
  rows: LabelledRows,
  test: LabelledRows | undefined,
  { predicts, classes: known, alone = '1', shares, seed }: PrepareOptions,
): PreparedRows {
  const random = seededRandom(seed);
  const count = rows.targets.length;
  const found = {
    classes: () => classesOf(rows, test, known),
    labels: () => labelsOf(rows, test, { known, alone }),
    numbers: () => numbersOf(rows, test),
    vectors: () => vectorsOf(rows, test),
  }[predicts]();
  const { names, targets, strata, size = 1 } = found;
  const notes = [...(rows.notes ?? []), ...(test?.notes ?? []), ...sameRows(rows, found.said ?? targets)];
  const coarse = predicts === 'numbers' ? coarseTargetsNote(targets.slice(0, count), rows.label) : undefined;
  if (coarse !== undefined) notes.push(coarse);
  const own = { validation: shares.validation, test: test ? 0 : shares.test };
  const split = splitRows({ strata, keys: rows.keys }, own, random);
  if (names) {
    const lone = names.filter((_name, place) => strata[place]?.length === 1);
    if (lone.length > 0)
      notes.push(
        `there is one row alone of ${lone.map((name) => `'${name}'`).join(', ')}: it is trained with, and not measured`,
      );
  }
  if (!test) return { predicts, classes: names, targets, size, split, notes };
  const { kept, leaked } = withoutLeaks(split, rows, test);
  checkLeft(rows, test, kept.train, found, predicts);
  const both = leaked.slice(0, 5).map(([row, other]) => `${rowName(rows, row)} is ${rowName(test, other)}`);
  if (leaked.length > 0)
    notes.push(
      `in ${test.label} as well as in ${rows.label}: ${rows.names ? '' : 'row '}${both.join(', ')}${leaked.length > 5 ? `, and ${leaked.length - 5} more` : ''}. These are left out of the training`,
    );
  return {
    predicts,
    classes: names,
    targets,
    size,
    notes,
    split: { ...kept, test: test.keys.map((_key, row) => count + row) },
  };
}

interface Targets {
  readonly names: readonly string[] | undefined;
  /** Of the rows of both files. */
  readonly targets: readonly number[];
  /** Numbers of a row in `targets`. @default 1 */
  readonly size?: number;
  /** Of the first. */
  readonly strata: readonly (readonly number[])[];
  /** What tells the targets of two rows of the first apart, where that is no number. */
  readonly said?: readonly string[];
}

function classesOf(rows: LabelledRows, test: LabelledRows | undefined, known: readonly string[] | undefined): Targets {
  const own: ClassTargets = classTargets(rows.targets, rows.label, known);
  checkClasses(own, rows.label);
  const { names, numbers } = own;
  const others = test ? classTargets(test.targets, test.label, names).numbers : [];
  const strata = names.map((): number[] => []);
  for (const [row, place] of numbers.entries()) strata[place]?.push(row);
  return { names, targets: [...numbers, ...others], strata };
}

/** A row is of the stratum of the class that is the rarest of its own, so that each part has some of that. */
function labelsOf(rows: LabelledRows, test: LabelledRows | undefined, options: LabelOptions): Targets {
  const own = labelTargets(rows.targets, rows.label, options);
  checkLabels(own, rows.label);
  const { names } = own;
  const others = test ? labelTargets(test.targets, test.label, { ...options, known: names }).rows : [];
  const counts = countLabels(own);
  const strata = [...names, 'none'].map((): number[] => []);
  for (const [row, places] of own.rows.entries()) {
    const [rarest = names.length] = places.toSorted((a, b) => (counts[a] as number) - (counts[b] as number));
    strata[rarest]?.push(row);
  }
  const targets = [...own.rows, ...others].flatMap((places) => names.map((_name, at) => (places.includes(at) ? 1 : 0)));
  return { names, targets, size: names.length, strata, said: own.rows.map((places) => places.toSorted().join()) };
}

function vectorsOf(rows: LabelledRows, test: LabelledRows | undefined): Targets {
  const { numbers, size } = vectorTargets(rows.targets, rows.label);
  const others = test ? vectorTargets(test.targets, test.label, size).numbers : [];
  const strata = [[...rows.targets.keys()]];
  return { names: undefined, targets: [...numbers, ...others], size, strata, said: rows.targets };
}

function numbersOf(rows: LabelledRows, test: LabelledRows | undefined): Targets {
  const targets = numberTargets(rows.targets, rows.label);
  const others = test ? numberTargets(test.targets, test.label) : [];
  const order = Array.from(targets.keys()).sort((a, b) => (targets[a] as number) - (targets[b] as number));
  const strata = Array.from({ length: tenths }, (_tenth, at) =>
    order.slice(Math.floor((order.length * at) / tenths), Math.floor((order.length * (at + 1)) / tenths)),
  );
  return { names: undefined, targets: [...targets, ...others], strata };
}

/** Throws an Error where none of the rows to learn from is left, or none of some class, as the test has them too. */
function checkLeft(
  rows: LabelledRows,
  test: LabelledRows,
  train: readonly number[],
  { targets, names = [], size = 1 }: Targets,
  predicts: Predicted,
): void {
  const had = (some: Iterable<number>) => {
    const places = new Set<number>();
    for (const row of some) {
      if (predicts === 'classes') places.add(targets[row] as number);
      else for (let at = 0; at < size; at += 1) if (targets[row * size + at] === 1) places.add(at);
    }
    return places;
  };
  const [before, left] = [had(rows.targets.keys()), had(train)];
  const lost = names.filter((_name, place) => before.has(place) && !left.has(place));
  if (train.length > 0 && lost.length === 0) return;
  throw new Error(
    `all rows ${train.length > 0 ? `of ${listNames(lost)} in` : 'of'} ${rows.label} to train with are in ${test.label} as well: expected others to measure by`,
  );
}

function withoutLeaks(split: Split, rows: LabelledRows, test: LabelledRows) {
  const places = new Map(test.keys.map((key, row) => [key, row]));
  const leaked: (readonly [row: number, other: number])[] = [];
  const keep = (row: number) => {
    const other = places.get(rows.keys[row] as string);
    if (other !== undefined) leaked.push([row, other]);
    return other === undefined;
  };
  const kept = { train: split.train.filter(keep), validation: split.validation.filter(keep) };
  return { kept, leaked };
}
