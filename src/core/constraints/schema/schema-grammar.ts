import type { Steps } from '../../pace/steps.ts';
import type { Form } from '../form.ts';
import { choice, literal, nothing, rule } from '../forms.ts';
import type { Grammar } from '../grammar.ts';
import { anyJson, wholeText } from '../json-text.ts';
import { MachineBudget } from '../machine-budget.ts';
import { oneOfTexts } from '../one-of-texts.ts';
import { shortestOf } from '../shortest-of.ts';
import { arrayForm } from './array-form.ts';
import type { Branch } from './branch.ts';
import { branchKinds, type Kind } from './branch-kinds.ts';
import { Branches } from './branches.ts';
import { literalsOf } from './literals-of.ts';
import { NamedValues } from './named-values.ts';
import { numberForm } from './number-form.ts';
import { objectForm } from './object-form.ts';
import { SchemaDocument } from './schema-document.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaRules } from './schema-rules.ts';
import { stringForm } from './string-form.ts';
import { valueKey } from './value-key.ts';

/** Those of some 1,600 properties. */
const maxRules = 5_000;
const whole = 'whole';

/**
 * The grammar of JSON that follows a schema. All of its texts follow the schema, though not all that follow it are its
 * texts: properties come in the schema's order, numbers have 15 digits at most.
 *
 * Throws ServiceError 400 for a schema that is wrong, that has what cannot be held to, or that no JSON can follow.
 */
export function* schemaGrammar(schema: unknown): Steps<Grammar> {
  const rules = yield* new SchemaGrammar(new SchemaDocument(schema)).made();
  const shortest = yield* shortestOf(rules);
  if (shortest.get(whole) === Number.POSITIVE_INFINITY) {
    throw schemaError(
      '#',
      'can be followed by no JSON, or by none that ends: numbers have 15 digits at most here, and strings of a format its usual forms',
    );
  }
  return { root: rule(whole), rules, shortest };
}

class SchemaGrammar implements SchemaRules {
  readonly document: SchemaDocument;
  readonly budget = new MachineBudget();
  readonly formatted = new Map<string, Form>();
  readonly #named: NamedValues;
  readonly #branches: Branches;
  readonly #rules = new Map<string, Form>(anyJson);
  /** Rules that were referred to, and those of them that are still to be made. */
  readonly #known = new Set<string>();
  readonly #waiting: { readonly name: string; readonly places: readonly string[] }[] = [];

  constructor(document: SchemaDocument) {
    this.document = document;
    this.#named = new NamedValues(document);
    this.#branches = new Branches(document, this.#named);
  }

  *made(): Steps<ReadonlyMap<string, Form>> {
    this.keep(whole, wholeText(this.value(['#'])));
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      // In its place before those that it is made of.
      this.keep(next.name, choice());
      this.keep(next.name, yield* this.#made(next.name, next.places));
    }
    return this.#rules;
  }

  value(places: readonly string[]): Form {
    const [place] = places;
    if (place === undefined) return rule('any');
    this.document.count(place, places.length);
    const sorted = [...new Set(places)].sort();
    const name = JSON.stringify(sorted);
    if (!this.#known.has(name)) {
      this.#known.add(name);
      checkRules(this.#known.size);
      this.#waiting.push({ name, places: sorted });
    }
    return rule(name);
  }

  named(places: readonly string[]): readonly string[] | undefined {
    const named = new Map<string, string>();
    for (const branch of this.#branches.of(places)) {
      const values = literalsOf(branch);
      if (values === undefined) return undefined;
      for (const value of values)
        if (this.#named.follows(branch, value)) named.set(valueKey(value), JSON.stringify(value));
    }
    return [...named.values()];
  }

  keep(name: string, form: Form): void {
    this.#rules.set(name, form);
    checkRules(this.#rules.size);
  }

  *#made(name: string, places: readonly string[]): Steps<Form> {
    const forms: Form[] = [];
    for (const [number, branch] of this.#branches.of(places).entries())
      forms.push(yield* this.#branch(branch, `${name} (${number})`));
    return choice(...forms);
  }

  *#branch(branch: Branch, name: string): Steps<Form> {
    yield;
    const values = literalsOf(branch);
    if (values !== undefined) {
      const accepted: unknown[] = [];
      for (const value of values) {
        yield;
        if (this.#named.follows(branch, value)) accepted.push(value);
      }
      return accepted.length === 0 ? nothing : oneOfTexts(accepted.map((value) => JSON.stringify(value)));
    }
    const { kinds, isWhole } = branchKinds(branch);
    const forms: Form[] = [];
    for (const kind of kinds) forms.push(yield* this.#kind(kind, branch, isWhole, name));
    return choice(...forms);
  }

  *#kind(kind: Kind, branch: Branch, isWhole: boolean, name: string): Steps<Form> {
    switch (kind) {
      case 'object':
        return objectForm(branch, this, name);
      case 'array':
        return arrayForm(branch, this, name);
      case 'string':
        return yield* stringForm(branch, this);
      case 'number':
        return yield* numberForm(branch, isWhole, this);
      case 'boolean':
        return choice(literal('true'), literal('false'));
      case 'null':
        return literal('null');
    }
  }
}

function checkRules(count: number): void {
  if (count > maxRules) throw schemaError('#', `is too large: it makes more than ${maxRules} rules`);
}
