import { atOnce } from '../pace/at-once.ts';
import { OutOfTurn } from '../pace/out-of-turn.ts';
import type { Expression } from './expression.ts';
import type { Form } from './form.ts';
import type { Grammar } from './grammar.ts';
import { shortestOf } from './shortest-of.ts';

type Shape = Expression extends infer E ? (E extends Expression ? Omit<E, 'id' | 'next'> : never) : never;

/**
 * The states of a text that follows a grammar, made as they are met: each is the expression of all that may still come,
 * and the state after a byte is its derivative (Brzozowski). What is nested stands in the expression itself, so there
 * is no stack beside it. Every expression but `nothing` has a text: a state that is reached can always be left for the
 * end.
 */
export class Expressions {
  readonly nothing: Expression;
  readonly end: Expression;
  readonly root: Expression;
  /** How much was looked at to make choices, which is most of the work. */
  work = 0;
  /** How much more may be made, by what it is made of, before `after` throws OutOfTurn; what was made stays. */
  left = Number.POSITIVE_INFINITY;
  readonly #grammar: Grammar;
  readonly #shortest: ReadonlyMap<string, number>;
  readonly #all: Expression[] = [];
  readonly #byKey = new Map<string, Expression>();
  readonly #rules = new Map<string, Expression>();
  readonly #literals = new Map<Uint8Array, number>();

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
    this.#shortest = grammar.shortest ?? atOnce(shortestOf(grammar.rules));
    this.nothing = this.#one('nothing', { kind: 'nothing', shortest: Number.POSITIVE_INFINITY, isPlain: true });
    this.end = this.#one('end', { kind: 'end', shortest: 0, isPlain: true });
    this.root = this.of(grammar.root);
  }

  /** How many there are. */
  get size(): number {
    return this.#all.length;
  }

  of(form: Form): Expression {
    switch (form.kind) {
      case 'byte':
        return this.#byte(form.ranges);
      case 'literal':
        return this.#literal(form.bytes, 0);
      case 'sequence':
        return form.parts.reduceRight((rest: Expression, part) => this.sequence(this.of(part), rest), this.end);
      case 'choice':
        return this.choice(form.among.map((one) => this.of(one)));
      case 'repeat':
        return this.repeat(this.of(form.of), form.least, form.most);
      case 'rule':
        return this.#rule(form.name);
      case 'machine': {
        const { machine, state } = form;
        const shortest = machine.shortest[state] ?? 0;
        return this.#one(`m${machine.id}:${state}`, { kind: 'machine', machine, state, shortest, isPlain: true });
      }
    }
  }

  /**
   * What may come after a byte; `nothing` where the byte may not come. Throws OutOfTurn where that is new, and nothing
   * is left.
   */
  after(expression: Expression, byte: number): Expression {
    expression.next ??= new Uint32Array(256);
    const known = expression.next[byte] ?? 0;
    if (known > 0) return this.#all[known - 1] ?? this.nothing;
    if (this.left < 0) throw new OutOfTurn();
    const after = this.#derivative(expression, byte);
    expression.next[byte] = after.id + 1;
    return after;
  }

  sequence(first: Expression, rest: Expression): Expression {
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    if (first === this.end) return rest;
    if (rest === this.end) return first;
    // What has rules is taken apart, so that what comes next stands first; what has none stays together, and is known
    // wherever it stands.
    if (!first.isPlain && first.kind === 'sequence') {
      return this.sequence(first.first, this.sequence(first.rest, rest));
    }
    if (!first.isPlain && first.kind === 'choice') {
      return this.choice(first.among.map((one) => this.sequence(one, rest)));
    }
    const shortest = first.shortest + rest.shortest;
    const isPlain = first.isPlain && rest.isPlain;
    return this.#one(`s${first.id},${rest.id}`, { kind: 'sequence', first, rest, shortest, isPlain });
  }

  choice(among: readonly Expression[]): Expression {
    this.work += among.length;
    const set = new Set<Expression>();
    for (const one of among) {
      if (one.kind === 'choice') {
        this.work += one.among.length;
        for (const inner of one.among) set.add(inner);
      } else if (one !== this.nothing) set.add(one);
    }
    const sorted = [...set].sort((a, b) => a.id - b.id);
    const [first] = sorted;
    if (first === undefined) return this.nothing;
    if (sorted.length === 1) return first;
    const shortest = sorted.reduce((least, one) => Math.min(least, one.shortest), Number.POSITIVE_INFINITY);
    const isPlain = sorted.every((one) => one.isPlain);
    return this.#one(`c${sorted.map((one) => one.id)}`, { kind: 'choice', among: sorted, shortest, isPlain });
  }

  repeat(of: Expression, least: number, most: number): Expression {
    if (most === 0) return this.end;
    if (of === this.nothing) return least === 0 ? this.end : this.nothing;
    const shortest = least * of.shortest;
    return this.#one(`r${of.id},${least},${most}`, { kind: 'repeat', of, least, most, shortest, isPlain: of.isPlain });
  }

  /**
   * The expression of a rule, or of a repetition's first and further items: the same texts, with what comes next
   * standing first.
   */
  opened(expression: Expression): Expression {
    switch (expression.kind) {
      case 'rule':
        return this.#ruleBody(expression.name);
      case 'repeat': {
        const { of, least, most } = expression;
        const once = this.sequence(of, this.repeat(of, Math.max(least - 1, 0), most - 1));
        return expression.shortest === 0 ? this.choice([this.end, once]) : once;
      }
      case 'sequence':
        return this.sequence(this.opened(expression.first), expression.rest);
      default:
        return expression;
    }
  }

  #derivative(expression: Expression, byte: number): Expression {
    switch (expression.kind) {
      case 'byte':
        return expression.ranges.some(([low, high]) => byte >= low && byte <= high) ? this.end : this.nothing;
      case 'literal': {
        const { bytes, at } = expression;
        return bytes[at] === byte ? this.#literal(bytes, at + 1) : this.nothing;
      }
      case 'sequence': {
        const { first, rest } = expression;
        const inside = this.sequence(this.after(first, byte), rest);
        return first.shortest === 0 ? this.choice([inside, this.after(rest, byte)]) : inside;
      }
      case 'choice':
        return this.choice(expression.among.map((one) => this.after(one, byte)));
      case 'repeat': {
        const { of, least, most } = expression;
        return this.sequence(this.after(of, byte), this.repeat(of, Math.max(least - 1, 0), most - 1));
      }
      case 'rule':
        return this.after(this.#ruleBody(expression.name), byte);
      case 'machine': {
        const { machine, state } = expression;
        const next = machine.next[state]?.[machine.classes[byte] ?? 0] ?? -1;
        if (next === -1) return this.nothing;
        return this.of({ kind: 'machine', machine, state: next });
      }
      default:
        return this.nothing;
    }
  }

  #byte(ranges: readonly (readonly [number, number])[]): Expression {
    if (ranges.length === 0) return this.nothing;
    return this.#one(`b${ranges.map((range) => range.join('-'))}`, {
      kind: 'byte',
      ranges,
      shortest: 1,
      isPlain: true,
    });
  }

  #literal(bytes: Uint8Array, at: number): Expression {
    if (at === bytes.length) return this.end;
    let number = this.#literals.get(bytes);
    if (number === undefined) {
      number = this.#literals.size;
      this.#literals.set(bytes, number);
    }
    const shortest = bytes.length - at;
    return this.#one(`l${number}:${at}`, { kind: 'literal', bytes, at, shortest, isPlain: true });
  }

  #rule(name: string): Expression {
    const shortest = this.#shortest.get(name) ?? Number.POSITIVE_INFINITY;
    // No text of it ends: a choice that has it is left without it.
    if (shortest === Number.POSITIVE_INFINITY) return this.nothing;
    return this.#one(`n${name}`, { kind: 'rule', name, shortest, isPlain: false });
  }

  #ruleBody(name: string): Expression {
    let body = this.#rules.get(name);
    if (body === undefined) {
      const form = this.#grammar.rules.get(name);
      body = form === undefined ? this.nothing : this.of(form);
      this.#rules.set(name, body);
    }
    return body;
  }

  #one(key: string, shape: Shape): Expression {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.left -= 1 + (shape.kind === 'choice' ? shape.among.length / 8 : 0);
    const made: Expression = { ...shape, id: this.#all.length, next: undefined };
    this.#all.push(made);
    this.#byKey.set(key, made);
    return made;
  }
}
