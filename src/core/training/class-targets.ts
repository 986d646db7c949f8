import { jsonIn } from '../../protocol/json-in.ts';
import { BadRows } from './bad-rows.ts';

/** Rows by the class that they are of. */
export interface ClassTargets {
  /** In the order of their numbers. */
  readonly names: readonly string[];
  /** Of each row the number of its class. */
  readonly numbers: readonly number[];
}

const mostShown = 5;
const lists = 'lists are learned by a recipe with "loss": {"kind": "binary-cross-entropy"}';

/**
 * The classes that labels are of: those that are known, or all there are, numbers by their size and texts by their
 * letters.
 *
 * Throws an Error where nothing can be learned from them: labels that are none of the known ones, one class alone,
 * hardly a row for each class.
 */
export function classTargets(labels: readonly string[], label: string, known?: readonly string[]): ClassTargets {
  const names = known ?? sorted([...new Set(labels)]);
  const places = new Map(names.map((name, place) => [name, place]));
  const bad = new BadRows(label);
  const numbers = labels.map((text, row) => {
    const place = places.get(text);
    if (text.startsWith('[') && Array.isArray(jsonIn(text)))
      bad.add(row, `expected one label, got ${text.slice(0, 40)}; ${lists}`);
    else if (place === undefined) bad.add(row, `'${text}' is none of the ${names.length} classes (${some(names)})`);
    return place ?? -1;
  });
  bad.throwIfAny();
  return { names, numbers };
}

/**
 * Throws an Error where classes cannot be told apart by these rows: there is one alone, or hardly a row for each of
 * them.
 */
export function checkClasses({ names, numbers }: ClassTargets, label: string): void {
  const seen = new Set(numbers);
  if (seen.size < 2)
    throw new Error(
      `${label}: all ${numbers.length} rows are '${names[numbers[0] ?? 0]}': expected two classes at least`,
    );
  if (seen.size * 2 > numbers.length)
    throw new Error(
      `${label}: ${seen.size} classes (${some(names.filter((_name, place) => seen.has(place)))}) and ${numbers.length} rows: expected several rows of each. An identifier is no class; a number is predicted by --new linear, or by a recipe with "loss": {"kind": "mean-squared-error"}`,
    );
}

function sorted(names: readonly string[]): readonly string[] {
  const isNumber = names.every((name) => /^-?\d{1,15}$/.test(name));
  return isNumber ? names.toSorted((a, b) => Number(a) - Number(b)) : names.toSorted();
}

function some(names: readonly string[]): string {
  return names.slice(0, mostShown).join(', ') + (names.length > mostShown ? ', …' : '');
}
