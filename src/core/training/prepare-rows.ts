import { checkLabels } from './check-labels.ts';
import { type ClassTargets, checkClasses, classTargets } from './class-targets.ts';
import { coarseTargetsNote } from './coarse-targets-note.ts';
import { countLabels } from './count-labels.ts';
import { type LabelOptions, labelTargets } from './label-targets.ts';
import { numberClassesNote } from './number-classes-note.ts';
import { numberTargets } from './number-targets.ts';
import { partRows } from './part-rows.ts';
import type { Predicted, PreparedRows } from './prepared-rows.ts';
import type { RowTargets } from './row-targets.ts';
import { sameLettersNote } from './same-letters-note.ts';
import { sameRows } from './same-rows.ts';
import type { SplitShares } from './split-rows.ts';
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
  const found = {
    classes: () => classesOf(rows, test, known),
    labels: () => labelsOf(rows, test, { known, alone }),
    numbers: () => numbersOf(rows, test),
    vectors: () => vectorsOf(rows, test),
  }[predicts]();
  const { names, targets, size = 1 } = found;
  const { split, notes } = partRows(rows, test, found, { predicts, shares, seed });
  const unlikely = unlikelyNote(rows, found, predicts, known);
  const alike = known ? undefined : sameLettersNote(names ?? [], rows.label);
  const before = [...(rows.notes ?? []), ...(test?.notes ?? []), ...sameRows(rows, found.said ?? targets)];
  return {
    predicts,
    classes: names,
    targets,
    size,
    split,
    notes: [...before, ...[unlikely, alike].filter((note) => note !== undefined), ...notes],
  };
}

/** What is to be told, where it looks like something else than what it is taken for. */
function unlikelyNote(
  { targets: { length: count }, label }: LabelledRows,
  { names, targets }: RowTargets,
  predicts: Predicted,
  known: readonly string[] | undefined,
): string | undefined {
  if (predicts === 'numbers') return coarseTargetsNote(targets.slice(0, count), label);
  return predicts === 'classes' && !known ? numberClassesNote(names ?? [], count, label) : undefined;
}

function classesOf(
  rows: LabelledRows,
  test: LabelledRows | undefined,
  known: readonly string[] | undefined,
): RowTargets {
  const own: ClassTargets = classTargets(rows.targets, rows.label, known);
  checkClasses(own, rows.label);
  const { names, numbers } = own;
  const others = test ? classTargets(test.targets, test.label, names).numbers : [];
  const strata = names.map((): number[] => []);
  for (const [row, place] of numbers.entries()) strata[place]?.push(row);
  return { names, targets: [...numbers, ...others], strata };
}

/** A row is of the stratum of the class that is the rarest of its own, so that each part has some of that. */
function labelsOf(rows: LabelledRows, test: LabelledRows | undefined, options: LabelOptions): RowTargets {
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

function vectorsOf(rows: LabelledRows, test: LabelledRows | undefined): RowTargets {
  const { numbers, size } = vectorTargets(rows.targets, rows.label);
  const others = test ? vectorTargets(test.targets, test.label, size).numbers : [];
  const strata = [[...rows.targets.keys()]];
  return { names: undefined, targets: [...numbers, ...others], size, strata, said: rows.targets };
}

function numbersOf(rows: LabelledRows, test: LabelledRows | undefined): RowTargets {
  const targets = numberTargets(rows.targets, rows.label);
  const others = test ? numberTargets(test.targets, test.label) : [];
  const order = Array.from(targets.keys()).sort((a, b) => (targets[a] as number) - (targets[b] as number));
  const strata = Array.from({ length: tenths }, (_tenth, at) =>
    order.slice(Math.floor((order.length * at) / tenths), Math.floor((order.length * (at + 1)) / tenths)),
  );
  return { names: undefined, targets: [...targets, ...others], strata };
}
