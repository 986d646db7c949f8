import { type PatternForms, patternForms } from '../pattern-form.ts';
import { impliedPatterns } from './format-patterns.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';

/** Characters of a pattern that messages show. */
const mostShown = 60;

/** Many parts of a schema may refer to one with a long pattern. */
const known = new WeakMap<SchemaNode, PatternForms>();

/** What a schema's `pattern` leaves of strings, between their quotes. */
export function patternsOf(node: SchemaNode): PatternForms {
  const forms = known.get(node) ?? ownOf(node);
  known.set(node, forms);
  return forms;
}

function ownOf(node: SchemaNode): PatternForms {
  const pattern = node.text('pattern');
  if (pattern === undefined || pattern === impliedPatterns[node.text('format') ?? '']) return { all: [], none: [] };
  try {
    return patternForms(pattern);
  } catch (error) {
    const shown = JSON.stringify(pattern.length > mostShown ? `${pattern.slice(0, mostShown)}…` : pattern);
    throw schemaError(node.place, `has the pattern ${shown}, which ${(error as Error).message}`);
  }
}
