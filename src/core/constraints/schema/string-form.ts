import type { Steps } from '../../pace/steps.ts';
import { anyCharacter, characterForm } from '../character-set.ts';
import type { Form } from '../form.ts';
import { literal, nothing, repeat, sequence } from '../forms.ts';
import { intersectForms } from '../intersect-forms.ts';
import { character } from '../json-text.ts';
import { type Lengths, lengthsOf } from '../lengths-of.ts';
import type { MachineBudget } from '../machine-budget.ts';
import type { Branch } from './branch.ts';
import { formatsOf, patternsOf } from './patterns-of.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Strings of a branch: their lengths in characters, patterns and formats. */
export function* stringForm(
  branch: Branch,
  { budget, formatted }: Pick<SchemaRules, 'budget' | 'formatted'>,
): Steps<Form> {
  const { least, most } = boundsOf(branch);
  if (least > most) return nothing;
  const patterns = branch.map(patternsOf);
  const shaped = patterns.flatMap(({ all }) => all);
  const none = patterns.flatMap((pattern) => pattern.none);
  const isOfAnyLength = least === 0 && most === Number.POSITIVE_INFINITY;
  // Patterns have one way to write a character: others would only make more of the automaton.
  const one = shaped.length > 0 ? characterForm(anyCharacter) : character;
  const forms = shaped.length > 0 && isOfAnyLength ? shaped : [...shaped, repeat(one, least, most)];
  // Patterns may be long: they are no names to find automata by.
  const key = branch.some((node) => node.has('pattern'))
    ? undefined
    : JSON.stringify([least, most, ...branch.map((node) => node.text('format'))]);
  const made = key === undefined ? undefined : formatted.get(key);
  const text = made ?? (yield* allOf(forms, none, branch, budget));
  if (key !== undefined) formatted.set(key, text);
  return sequence(literal('"'), sequence(text, literal('"')));
}

/** The lengths that a branch asks for, as far as its formats leave others: each would make the automaton the larger. */
function boundsOf(branch: Branch): Lengths {
  const least = Math.max(0, ...branch.map((node) => node.count('minLength') ?? 0));
  const most = Math.min(...branch.map((node) => node.count('maxLength') ?? Number.POSITIVE_INFINITY));
  // Of formats each character is a byte.
  const own = branch.flatMap(formatsOf).map(lengthsOf);
  return {
    least: own.some((each) => each.least >= least) ? 0 : least,
    most: own.some((each) => each.most <= most) ? Number.POSITIVE_INFINITY : most,
  };
}

function* allOf(forms: readonly Form[], none: readonly Form[], branch: Branch, budget: MachineBudget): Steps<Form> {
  const [only] = forms;
  if (only !== undefined && forms.length === 1 && none.length === 0) return only;
  try {
    return yield* intersectForms(forms, budget, none);
  } catch (error) {
    const place = branch.find((node) => node.has('pattern', 'format'))?.place ?? '#';
    throw schemaError(
      place,
      `has a pattern or format that is too much together with its lengths or another one (${(error as Error).message}); expected the lengths in the pattern, or shorter ones`,
    );
  }
}
