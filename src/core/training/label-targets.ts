import { jsonIn } from '../../protocol/json-in.ts';
import { BadRows } from './bad-rows.ts';

/** Rows by the classes that they are of, of which each may have any number. */
export interface LabelTargets {
  /** In the order of their numbers. */
  readonly names: readonly string[];
  /** Of each row the numbers of its classes. */
  readonly rows: readonly (readonly number[])[];
}

export interface LabelOptions {
  /** The classes that a model tells. @default those of the rows */
  readonly known?: readonly string[] | undefined;
  /** What rows are or are not, where they say yes or no. */
  readonly alone: string;
}

const yes = ['1', 'true'];
const no = ['0', 'false'];
const separator = '|';
const mostShown = 5;

/**
 * The classes that rows are of: a JSON list, or texts with '|' between them, has any number; where all rows say yes or
 * no, as 1 and 0 or true and false, they are of one class or not.
 *
 * Throws an Error that names the rows whose labels are none of the known classes.
 */
export function labelTargets(texts: readonly string[], label: string, { known, alone }: LabelOptions): LabelTargets {
  const isYesOrNo = texts.every((text) => yes.includes(text.toLowerCase()) || no.includes(text.toLowerCase()));
  if (isYesOrNo && (known === undefined || known.length === 1))
    return { names: known ?? [alone], rows: texts.map((text) => (yes.includes(text.toLowerCase()) ? [0] : [])) };
  const sets = texts.map(labelsIn);
  const names = known ?? [...new Set(sets.flat())].toSorted();
  const places = new Map(names.map((name, place) => [name, place]));
  const bad = new BadRows(label);
  const rows = sets.map((set, row) => {
    const strange = set.find((name) => !places.has(name));
    const told = names.slice(0, mostShown).join(', ') + (names.length > mostShown ? ', …' : '');
    if (strange !== undefined)
      bad.add(
        row,
        names.length === 1
          ? `expected 0 or 1, as the model has one output, got '${strange}'`
          : `'${strange}' is none of the ${names.length} classes (${told})`,
      );
    return [...new Set(set.map((name) => places.get(name) ?? -1))];
  });
  bad.throwIfAny();
  return { names, rows };
}

function labelsIn(text: string): readonly string[] {
  const list = text.startsWith('[') ? jsonIn(text) : undefined;
  const labels = Array.isArray(list) ? list.map(String) : text.split(separator);
  return labels.map((each) => each.trim()).filter((each) => each !== '');
}
