import type { Form } from '../form.ts';
import { patternForm } from '../pattern-form.ts';
import { formatPatterns } from './format-patterns.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';

/** What a schema's `pattern` and `format` leave of strings, between their quotes; none: it has neither. */
export function patternsOf(node: SchemaNode): readonly Form[] {
  return [...ownOf(node), ...formatsOf(node)];
}

function ownOf(node: SchemaNode): readonly Form[] {
  const pattern = node.text('pattern');
  if (pattern === undefined) return [];
  try {
    return [patternForm(pattern)];
  } catch (error) {
    throw schemaError(node.place, `has the pattern ${JSON.stringify(pattern)}, which ${(error as Error).message}`);
  }
}

function formatsOf(node: SchemaNode): readonly Form[] {
  const format = node.text('format');
  if (format === undefined) return [];
  const pattern = Object.hasOwn(formatPatterns, format) ? formatPatterns[format] : undefined;
  if (pattern !== undefined) return [patternForm(pattern)];
  throw node.wrong('format', `one of ${Object.keys(formatPatterns).join(', ')}; or leave it out`);
}
