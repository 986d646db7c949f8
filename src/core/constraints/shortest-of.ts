import type { Steps } from '../pace/steps.ts';
import type { Form } from './form.ts';

/** The bytes that the shortest text of each rule has; Infinity: a text of the rule never ends, or there is none. */
export function* shortestOf(rules: ReadonlyMap<string, Form>): Steps<ReadonlyMap<string, number>> {
  const shortest = new Map<string, number>();
  for (const name of rules.keys()) shortest.set(name, Number.POSITIVE_INFINITY);
  const users = yield* usersOf(rules);
  // Those made last are what the others are made of, so that most are known at the first look.
  const waiting = new Set([...rules.keys()].reverse());
  for (const name of waiting) {
    yield;
    waiting.delete(name);
    const form = rules.get(name);
    const bytes = form === undefined ? Number.POSITIVE_INFINITY : shortestForm(form, shortest);
    if (bytes >= (shortest.get(name) ?? 0)) continue;
    shortest.set(name, bytes);
    for (const user of users.get(name) ?? []) waiting.add(user);
  }
  return shortest;
}

/** The rules that each rule stands in: the only ones that may become shorter where it does. */
function* usersOf(rules: ReadonlyMap<string, Form>): Steps<ReadonlyMap<string, ReadonlySet<string>>> {
  const users = new Map<string, Set<string>>();
  for (const name of rules.keys()) users.set(name, new Set());
  for (const [user, form] of rules) {
    yield;
    addUser(user, form, users);
  }
  return users;
}

function addUser(user: string, form: Form, users: ReadonlyMap<string, Set<string>>): void {
  if (form.kind === 'rule') users.get(form.name)?.add(user);
  if (form.kind === 'sequence') for (const part of form.parts) addUser(user, part, users);
  if (form.kind === 'choice') for (const one of form.among) addUser(user, one, users);
  if (form.kind === 'repeat') addUser(user, form.of, users);
}

function shortestForm(form: Form, rules: ReadonlyMap<string, number>): number {
  switch (form.kind) {
    case 'byte':
      return form.ranges.length > 0 ? 1 : Number.POSITIVE_INFINITY;
    case 'literal':
      return form.bytes.length;
    case 'sequence':
      return form.parts.reduce((bytes, part) => bytes + shortestForm(part, rules), 0);
    case 'choice':
      return form.among.reduce((least, one) => Math.min(least, shortestForm(one, rules)), Number.POSITIVE_INFINITY);
    case 'repeat':
      return form.least === 0 ? 0 : form.least * shortestForm(form.of, rules);
    case 'rule':
      return rules.get(form.name) ?? Number.POSITIVE_INFINITY;
    case 'machine':
      return form.machine.shortest[form.state] ?? Number.POSITIVE_INFINITY;
  }
}
