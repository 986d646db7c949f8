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

/** What a pattern leaves of texts: those that are all of some forms, and none of others. */
export interface PatternForms {
  readonly all: readonly Form[];
  readonly none: readonly Form[];
}

/**
 * What lies between the quotes of a JSON string that a regular expression finds something in (as `pattern` of JSON
 * schema: anywhere, unless it is anchored). It may look ahead from its beginning.
 *
 * Throws an Error that says which part cannot be held to.
 */
export function patternForms(pattern: string): PatternForms {
  const properties = pattern.match(/\\p/gi)?.length ?? 0;
  if (properties > maxProperties) throw new Error(`has more than ${maxProperties} of \\p and \\P`);
  // It says in words what is wrong with one that does not parse; below, all is right but for what is refused.
  new RegExp(pattern, 'u');
  const reader = new PatternReader(pattern);
  const ahead = lookaheads(reader);
  const isStarted = ahead.length > 0;
  const found = isStarted ? alternative(reader, 'from here') : disjunction(reader, 'whole');
  // What looks ahead is of the first choice alone.
  if (isStarted && !reader.isAtEnd) throw new Error(looksAround);
  const { parts, ranges } = sized(found.form, [found, ...ahead.map(({ of }) => of)]);
  if (parts > maxParts) throw new Error(`has more than ${maxParts} parts with its repetitions`);
  if (ranges > maxRanges) throw new Error(`has more than ${maxRanges} characters and ranges in its classes`);
  const formsOf = (isWanted: boolean) => ahead.filter((each) => each.isWanted === isWanted).map(({ of }) => of.form);
  return { all: [found.form, ...formsOf(true)], none: formsOf(false) };
}

const looksAround = 'has a group that looks ahead elsewhere than behind its ^, or behind, or changes flags';

/** Where a part of a pattern stands: alone, behind its beginning, or within a group. */
type Place = 'whole' | 'from here' | 'group';

/** What stands behind the ^ that a pattern begins with, and is to come there or not. */
function lookaheads(reader: PatternReader): readonly { readonly isWanted: boolean; readonly of: Sized }[] {
  const found: { isWanted: boolean; of: Sized }[] = [];
  for (let begin = '^'; ; begin = '') {
    const isWanted = reader.takeAll(`${begin}(?=`);
    if (!isWanted && !reader.takeAll(`${begin}(?!`)) return found;
    found.push({ isWanted, of: disjunction(reader, 'from here') });
    reader.take(')');
  }
}

interface Sized {
  readonly form: Form;
  readonly parts: number;
  readonly ranges: number;
}

function disjunction(reader: PatternReader, place: Place): Sized {
  const among = [alternative(reader, place)];
  while (reader.take('|')) among.push(alternative(reader, place));
  return sized(choice(...among.map(({ form }) => form)), among);
}

function alternative(reader: PatternReader, place: Place): Sized {
  const terms: Sized[] = [];
  const isTop = place !== 'group';
  const isFromStart = isTop && (reader.take('^') || place === 'from here');
  let isToEnd = false;
  while (!reader.isAtEnd && !reader.sees('|') && !reader.sees(')')) {
    if (isTop && reader.take('$')) {
      isToEnd = true;
      if (reader.isAtEnd || reader.sees('|') || reader.sees(')')) break;
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
    else if (!reader.take(':')) throw new Error(looksAround);
  }
  const inside = disjunction(reader, 'group');
  reader.take(')');
  return inside;
}

function quantified(reader: PatternReader, { form, parts, ranges }: Sized): Sized {
  const [least, most] = reader.quantifier();
  if (least === 1 && most === 1) return { form, parts, ranges };
  const times = most === Number.POSITIVE_INFINITY ? Math.max(1, least) : most;
  return { form: repeat(form, least, most), parts: parts * Math.max(1, times), ranges };
}
