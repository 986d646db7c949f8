import type { Form } from './form.ts';

const encoder = new TextEncoder();

export const nothing: Form = { kind: 'choice', among: [] };
export const empty: Form = { kind: 'sequence', parts: [] };

export function literal(text: string): Form {
  return { kind: 'literal', bytes: encoder.encode(text) };
}

export function byte(...ranges: (readonly [number, number])[]): Form {
  return { kind: 'byte', ranges };
}

export function sequence(...parts: Form[]): Form {
  return { kind: 'sequence', parts };
}

export function choice(...among: Form[]): Form {
  return { kind: 'choice', among };
}

export function repeat(of: Form, least: number, most: number): Form {
  return { kind: 'repeat', of, least, most };
}

export function maybe(of: Form): Form {
  return choice(empty, of);
}

export function rule(name: string): Form {
  return { kind: 'rule', name };
}
