import type { Steps } from '../../pace/steps.ts';
import { anyCharacter, characterForm } from '../character-set.ts';
import type { Form } from '../form.ts';
import { literal, nothing, repeat, sequence } from '../forms.ts';
import { intersectForms } from '../intersect-forms.ts';
import { character } from '../json-text.ts';
import type { Lengths } from '../lengths-of.ts';
import type { MachineBudget } from '../machine-budget.ts';
import type { Branch } from './branch.ts';
import { checkFormat, type FormatShape, formatShapes } from './format-shapes.ts';
import { patternsOf } from './patterns-of.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Strings of a branch: their lengths in characters, patterns and formats. */
export function* stringForm(
  branch: Branch,
  { budget, formatted }: Pick<SchemaRules, 'budget' | 'formatted'>,
): Steps<Form> {
  const asked = {
    least: Math.max(0, ...branch.map((node) => node.count('minLength') ?? 0)),
    most: Math.min(...branch.map((node) => node.count('maxLength') ?? Number.POSITIVE_INFINITY)),
  };
  if (asked.least > asked.most) return nothing;
  for (const node of branch) checkFormat(node);
  const formats = branch.flatMap((node) => shapeWithin(formatShapes(node), asked));
  const { least, most } = leftBy(formats, asked);
  const patterns = branch.map(patternsOf);
  const shaped = [...patterns.flatMap(({ all }) => all), ...formats.map(({ form }) => form)];
  const none = patterns.flatMap((pattern) => pattern.none);
  const isOfAnyLength = least === 0 && most === Number.POSITIVE_INFINITY;
  // Patterns have one way to write a character: others would only make more of the automaton.
  const one = shaped.length > 0 ? characterForm(anyCharacter) : character;
  const forms = shaped.length > 0 && isOfAnyLength ? shaped : [...shaped, repeat(one, least, most)];
  // Patterns may be long: they are no names to find automata by.
  const key = branch.some((node) => node.has('pattern'))
    ? undefined
    : JSON.stringify([least, most, ...formats.map(({ pattern }) => pattern)]);
  const made = key === undefined ? undefined : formatted.get(key);
  const text = made ?? (yield* allOf(forms, none, branch, budget));
  if (key !== undefined) formatted.set(key, text);
  return sequence(literal('"'), sequence(text, literal('"')));
}

/** The widest shape of a format all of whose texts are short enough, or else the widest of all; none: it has none. */
function shapeWithin(shapes: readonly FormatShape[], { least, most }: Lengths): readonly FormatShape[] {
  const within = shapes.find((shape) => shape.most <= most && shape.most >= least) ?? shapes[0];
  return within ? [within] : [];
}

/** The lengths that are asked for, as far as formats leave others: each would make the automaton the larger. */
function leftBy(formats: readonly Lengths[], { least, most }: Lengths): Lengths {
  return {
    least: formats.some((format) => format.least >= least) ? 0 : least,
    most: formats.some((format) => format.most <= most) ? Number.POSITIVE_INFINITY : most,
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
