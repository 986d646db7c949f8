import { OutOfTurn } from '../../pace/out-of-turn.ts';
import type { Expression } from '../expression.ts';
import { Expressions } from '../expressions.ts';
import { knownPatternsOf } from './patterns-of.ts';
import type { SchemaDocument } from './schema-document.ts';
import type { SchemaNode } from './schema-node.ts';

/** What a state takes to be made, in bytes that are looked at. */
const stateWork = 8;
/** What is made before it is counted: one byte may ask for more than ever ends. */
const mostUncounted = 2_500;
const encoder = new TextEncoder();

/**
 * Whether texts that a schema names have the pattern and format of its parts, found by what answers are held to: a
 * regular expression of JavaScript may take for ever, and nobody would be answered meanwhile.
 */
export class NamedTexts {
  readonly #document: SchemaDocument;
  readonly #patterns = new Map<SchemaNode, readonly Expressions[]>();

  constructor(document: SchemaDocument) {
    this.#document = document;
  }

  /** Throws ServiceError 400 for a pattern that answers cannot be held to. */
  fit(node: SchemaNode, text: string): boolean {
    let patterns = this.#patterns.get(node);
    if (patterns === undefined) {
      patterns = knownPatternsOf(node).map((root) => new Expressions({ root, rules: new Map() }));
      this.#patterns.set(node, patterns);
    }
    return patterns.every((pattern) => this.#fits(node.place, pattern, text));
  }

  #fits(place: string, pattern: Expressions, text: string): boolean {
    let state = pattern.root;
    for (const byte of encoder.encode(JSON.stringify(text).slice(1, -1))) {
      this.#document.count(place);
      let next: Expression | undefined;
      while (next === undefined) next = this.#step(place, pattern, state, byte);
      state = next;
    }
    return state.shortest === 0;
  }

  /** The state after a byte, or as much of the way there as is made before it is counted. */
  #step(place: string, pattern: Expressions, state: Expression, byte: number): Expression | undefined {
    pattern.left = mostUncounted;
    pattern.work = 0;
    try {
      return pattern.after(state, byte);
    } catch (error) {
      if (error instanceof OutOfTurn) return undefined;
      throw error;
    } finally {
      this.#document.count(place, stateWork * (mostUncounted - pattern.left) + pattern.work);
    }
  }
}
