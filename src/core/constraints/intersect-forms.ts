import type { Steps } from '../pace/steps.ts';
import type { ByteMachine } from './byte-machine.ts';
import type { Expression } from './expression.ts';
import { Expressions } from './expressions.ts';
import type { Form } from './form.ts';
import { nothing } from './forms.ts';
import type { MachineBudget } from './machine-budget.ts';
import { nextMachineId } from './next-machine-id.ts';
import { shortestToEnd } from './shortest-to-end.ts';

/**
 * What is all of some forms at once and none of others, none of which has a rule: an automaton, so that only what can
 * still become that may come.
 *
 * Throws an Error where the budget is passed.
 */
export function* intersectForms(all: readonly Form[], budget: MachineBudget, none: readonly Form[] = []): Steps<Form> {
  const forms = [...all, ...none];
  const expressions = new Expressions({ root: nothing, rules: new Map() });
  const { classes, examples } = byteClasses(forms);
  const states: (readonly Expression[])[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (state: readonly Expression[]) => {
    const key = String(state.map(({ id }) => id));
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, states.length);
    states.push(state);
    return states.length - 1;
  };
  numberOf(forms.map((form) => expressions.of(form)));
  const next: Int32Array[] = [];
  for (let state = 0; state < states.length; state += 1) {
    yield;
    budget.states -= 1;
    budget.work -= expressions.work;
    expressions.work = 0;
    if (budget.states < 0 || budget.work < 0) throw new Error('too many states');
    const row = new Int32Array(examples.length).fill(-1);
    for (const [number, byte] of examples.entries()) {
      const after = (states[state] ?? []).map((part) => expressions.after(part, byte));
      if (!after.slice(0, all.length).includes(expressions.nothing)) row[number] = numberOf(after);
    }
    next.push(row);
  }
  const ends = states.map((state) => state.every(({ shortest }, part) => (shortest === 0) === part < all.length));
  const shortest = shortestToEnd(next, ends);
  if (shortest[0] === Number.POSITIVE_INFINITY) return nothing;
  for (const row of next) {
    for (const [number, to] of row.entries()) if (shortest[to] === Number.POSITIVE_INFINITY) row[number] = -1;
  }
  return { kind: 'machine', machine: { id: nextMachineId(), classes, next, shortest } satisfies ByteMachine, state: 0 };
}

/** Bytes that all forms treat alike are of one class. */
function byteClasses(forms: readonly Form[]): { classes: Uint8Array; examples: readonly number[] } {
  const borders = new Uint8Array(257);
  for (const form of forms) markBorders(form, borders);
  const classes = new Uint8Array(256);
  const examples = [0];
  for (let byte = 1; byte < 256; byte += 1) {
    if (borders[byte] === 1) examples.push(byte);
    classes[byte] = examples.length - 1;
  }
  return { classes, examples };
}

function markBorders(form: Form, borders: Uint8Array): void {
  const mark = (low: number, high: number) => {
    borders[low] = 1;
    borders[high + 1] = 1;
  };
  if (form.kind === 'byte') for (const [low, high] of form.ranges) mark(low, high);
  if (form.kind === 'literal') for (const byte of form.bytes) mark(byte, byte);
  if (form.kind === 'sequence') for (const part of form.parts) markBorders(part, borders);
  if (form.kind === 'choice') for (const one of form.among) markBorders(one, borders);
  if (form.kind === 'repeat') markBorders(form.of, borders);
  if (form.kind === 'machine') {
    for (const [byte, one] of form.machine.classes.entries())
      if (one !== form.machine.classes[byte - 1]) borders[byte] = 1;
  }
}
