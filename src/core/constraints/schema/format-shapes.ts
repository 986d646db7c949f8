import type { Form } from '../form.ts';
import { choice } from '../forms.ts';
import { type Lengths, lengthsOf } from '../lengths-of.ts';
import { patternForms } from '../pattern-form.ts';
import { formatPatterns, freeFormats, patternFormats } from './format-patterns.ts';
import type { SchemaNode } from './schema-node.ts';

/** Texts of a format, each of whose characters is a byte, with their lengths. */
export interface FormatShape extends Lengths {
  readonly pattern: string;
  readonly form: Form;
}

/** By format. */
const made = new Map<string, readonly FormatShape[]>();

/** What strings of a schema's `format` are held to, and behind it shorter ones of them; none: it is not known. */
export function formatShapes(node: SchemaNode): readonly FormatShape[] {
  const format = node.text('format') ?? '';
  const shapes = made.get(format);
  if (shapes || !Object.hasOwn(formatPatterns, format)) return shapes ?? [];
  const all = (formatPatterns[format] ?? []).map((pattern) => {
    const form = choice(...patternForms(pattern).all);
    return { pattern, form, ...lengthsOf(form) };
  });
  made.set(format, all);
  return all;
}

/** Refuses a `format` that is not known: answers would not be held to it. */
export function checkFormat(node: SchemaNode): void {
  const format = node.text('format');
  if (format === undefined || Object.hasOwn(formatPatterns, format) || freeFormats.includes(format)) return;
  if (patternFormats.includes(format) && node.has('pattern')) return;
  throw node.wrong('format', `one of ${[...Object.keys(formatPatterns), ...freeFormats].join(', ')}; or leave it out`);
}
