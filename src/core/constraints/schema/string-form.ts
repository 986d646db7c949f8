import type { Steps } from '../../pace/steps.ts';
import { anyCharacter, characterForm } from '../character-set.ts';
import type { Form } from '../form.ts';
import { literal, nothing, repeat, sequence } from '../forms.ts';
import { intersectForms } from '../intersect-forms.ts';
import { character } from '../json-text.ts';
import type { MachineBudget } from '../machine-budget.ts';
import type { Branch } from './branch.ts';
import { patternsOf } from './patterns-of.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Strings of a branch: their lengths in characters, patterns and formats. */
export function* stringForm(
  branch: Branch,
  { budget, formatted }: Pick<SchemaRules, 'budget' | 'formatted'>,
): Steps<Form> {
  const least = Math.max(0, ...branch.map((node) => node.count('minLength') ?? 0));
  const most = Math.min(...branch.map((node) => node.count('maxLength') ?? Number.POSITIVE_INFINITY));
  if (least > most) return nothing;
  const shaped = branch.flatMap(patternsOf);
  const isOfAnyLength = least === 0 && most === Number.POSITIVE_INFINITY;
  // Patterns have one way to write a character: others would only make more of the automaton.
  const one = shaped.length > 0 ? characterForm(anyCharacter) : character;
  const forms = shaped.length > 0 && isOfAnyLength ? shaped : [...shaped, repeat(one, least, most)];
  // Patterns may be long: they are no names to find automata by.
  const key = branch.some((node) => node.has('pattern'))
    ? undefined
    : JSON.stringify([least, most, ...branch.map((node) => node.text('format'))]);
  const made = key === undefined ? undefined : formatted.get(key);
  const text = made ?? (yield* allOf(forms, branch, budget));
  if (key !== undefined) formatted.set(key, text);
  return sequence(literal('"'), sequence(text, literal('"')));
}

function* allOf(forms: readonly Form[], branch: Branch, budget: MachineBudget): Steps<Form> {
  const [only] = forms;
  if (only !== undefined && forms.length === 1) return only;
  try {
    return yield* intersectForms(forms, budget);
  } catch (error) {
    const place = branch.find((node) => node.has('pattern', 'format'))?.place ?? '#';
    throw schemaError(
      place,
      `has a pattern or format that is too much together with its lengths or another one (${(error as Error).message}); expected the lengths in the pattern, or shorter ones`,
    );
  }
}
