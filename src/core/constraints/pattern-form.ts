import { allBut, anyCharacter, type CharacterSet, characterForm } from './character-set.ts';
import type { Form } from './form.ts';
import { choice, empty, repeat, sequence } from './forms.ts';
import { namedSets, readClass, readEscape } from './pattern-classes.ts';
import { PatternReader } from './pattern-reader.ts';

/** Parts of a pattern, repeated ones as often as they may be repeated: beyond that, each step would be slow. */
const maxParts = 2_000;
/** Characters and ranges of all its classes, each of which is to be tried. */
const maxRanges = 10_000;
/** Of `\p` and `\P`, each of which takes a regular expression of JavaScript some 0.1 ms to be made. */
const maxProperties = 200;

const anything = repeat(characterForm(anyCharacter), 0, Number.POSITIVE_INFINITY);

/**
 * What lies between the quotes of a JSON string that a regular expression finds something in (as `pattern` of JSON
 * schema: anywhere, unless it is anchored).
 *
 * Throws an Error that says which part cannot be held to.
 */
export function patternForm(pattern: string): Form {
  const properties = pattern.match(/\\p/gi)?.length ?? 0;
  if (properties > maxProperties) throw new Error(`has more than ${maxProperties} of \\p and \\P`);
  // It says in words what is wrong with one that does not parse; below, all is right but for what is refused.
  new RegExp(pattern, 'u');
  const reader = new PatternReader(pattern);
  const found = disjunction(reader, true);
  if (found.parts > maxParts) throw new Error(`has more than ${maxParts} parts with its repetitions`);
  if (found.ranges > maxRanges) throw new Error(`has more than ${maxRanges} characters and ranges in its classes`);
  return found.form;
}

interface Sized {
  readonly form: Form;
  readonly parts: number;
  readonly ranges: number;
}

function disjunction(reader: PatternReader, isTop: boolean): Sized {
  const among = [alternative(reader, isTop)];
  while (reader.take('|')) among.push(alternative(reader, isTop));
  return sized(choice(...among.map(({ form }) => form)), among);
}

function alternative(reader: PatternReader, isTop: boolean): Sized {
  const terms: Sized[] = [];
  const isFromStart = isTop && reader.take('^');
  let isToEnd = false;
  while (!reader.isAtEnd && !reader.sees('|') && !reader.sees(')')) {
    if (isTop && reader.take('$')) {
      isToEnd = true;
      if (reader.isAtEnd || reader.sees('|')) break;
      throw new Error('has $ where more follows');
    }
    terms.push(quantified(reader, atom(reader)));
  }
  const ends = (isAnchored: boolean) => (!isTop || isAnchored ? empty : anything);
  return sized(sequence(ends(isFromStart), ...terms.map(({ form }) => form), ends(isToEnd)), terms);
}

/** A form with the size of what it is made of. */
function sized(form: Form, of: readonly Sized[]): Sized {
  const sum = (one: 'parts' | 'ranges') => of.reduce((all, each) => all + each[one], 0);
  return { form, parts: 1 + sum('parts'), ranges: sum('ranges') };
}

function atom(reader: PatternReader): Sized {
  if (reader.take('(')) return group(reader);
  const one = (set: CharacterSet): Sized => ({ form: characterForm(set), parts: 1, ranges: set.length });
  if (reader.take('.')) return one(allBut(namedSets.lineEnds));
  if (reader.take('[')) return one(readClass(reader));
  if (reader.take('\\')) return one(readEscape(reader));
  if (reader.sees('^') || reader.sees('$')) throw new Error('has ^ or $ elsewhere than at its beginning or end');
  const code = reader.next();
  return one([[code, code]]);
}

function group(reader: PatternReader): Sized {
  if (reader.take('?')) {
    const isNamed = reader.take('<') && !reader.sees('=') && !reader.sees('!');
    if (isNamed) while (!reader.take('>')) reader.next();
    else if (!reader.take(':')) throw new Error('has a group that looks ahead or behind, or changes flags');
  }
  const inside = disjunction(reader, false);
  reader.take(')');
  return inside;
}

function quantified(reader: PatternReader, { form, parts, ranges }: Sized): Sized {
  const [least, most] = reader.quantifier();
  if (least === 1 && most === 1) return { form, parts, ranges };
  const times = most === Number.POSITIVE_INFINITY ? Math.max(1, least) : most;
  return { form: repeat(form, least, most), parts: parts * Math.max(1, times), ranges };
}
