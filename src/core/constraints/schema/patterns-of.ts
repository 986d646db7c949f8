import type { Form } from '../form.ts';
import { type PatternForms, patternForms } from '../pattern-form.ts';
import { formatPatterns, freeFormats } from './format-patterns.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';

/** Characters of a pattern that messages show. */
const mostShown = 60;

/** Many parts of a schema may refer to one with a long pattern. */
const known = new WeakMap<SchemaNode, PatternForms>();

/**
 * What a schema's `pattern` and `format` leave of strings, between their quotes; none: it has neither. A format that is
 * not known is refused: answers would not be held to it.
 */
export function patternsOf(node: SchemaNode): PatternForms {
  const format = node.text('format');
  if (format === undefined || Object.hasOwn(formatPatterns, format) || freeFormats.includes(format))
    return knownPatternsOf(node);
  throw node.wrong('format', `one of ${[...Object.keys(formatPatterns), ...freeFormats].join(', ')}; or leave it out`);
}

/** The same, for texts that the schema names: a format that is not known says nothing of them. */
export function knownPatternsOf(node: SchemaNode): PatternForms {
  const forms = known.get(node) ?? withFormats(ownOf(node), formatsOf(node));
  known.set(node, forms);
  return forms;
}

function withFormats({ all, none }: PatternForms, formats: readonly Form[]): PatternForms {
  return { all: [...all, ...formats], none };
}

function ownOf(node: SchemaNode): PatternForms {
  const pattern = node.text('pattern');
  if (pattern === undefined) return { all: [], none: [] };
  try {
    return patternForms(pattern);
  } catch (error) {
    const shown = JSON.stringify(pattern.length > mostShown ? `${pattern.slice(0, mostShown)}…` : pattern);
    throw schemaError(node.place, `has the pattern ${shown}, which ${(error as Error).message}`);
  }
}

/** What its `format` leaves, if it is known. */
export function formatsOf(node: SchemaNode): readonly Form[] {
  const format = node.text('format') ?? '';
  const pattern = Object.hasOwn(formatPatterns, format) ? formatPatterns[format] : undefined;
  return pattern === undefined ? [] : patternForms(pattern).all;
}
