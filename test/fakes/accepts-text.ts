import { Expressions } from '../../src/core/constraints/expressions.ts';
import type { Form } from '../../src/core/constraints/form.ts';

/** Whether a text is one of a form's. */
export function acceptsText(form: Form, text: string): boolean {
  const expressions = new Expressions({ root: form, rules: new Map() });
  const bytes = new TextEncoder().encode(text);
  return bytes.reduce((state, byte) => expressions.after(state, byte), expressions.root).shortest === 0;
}
