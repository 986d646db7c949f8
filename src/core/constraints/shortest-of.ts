import type { Steps } from '../pace/steps.ts';
import type { Form } from './form.ts';

/** The bytes that the shortest text of each rule has; Infinity: a text of the rule never ends, or there is none. */
export function* shortestOf(rules: ReadonlyMap<string, Form>): Steps<ReadonlyMap<string, number>> {
  const shortest = new Map<string, number>();
  for (const name of rules.keys()) shortest.set(name, Number.POSITIVE_INFINITY);
  // Those made last are what the others are made of, so that most are known after one round.
  const lastFirst = [...rules].reverse();
  let changed = true;
  while (changed) {
    changed = false;
    for (const [name, form] of lastFirst) {
      yield;
      const bytes = shortestForm(form, shortest);
      if (bytes < (shortest.get(name) ?? 0)) {
        shortest.set(name, bytes);
        changed = true;
      }
    }
  }
  return shortest;
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
