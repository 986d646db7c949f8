import { OutOfTurn } from '../../pace/out-of-turn.ts';
import type { Expression } from '../expression.ts';
import { Expressions } from '../expressions.ts';
import type { Form } from '../form.ts';
import { formatShapes } from './format-shapes.ts';
import { patternsOf } from './patterns-of.ts';
import type { SchemaDocument } from './schema-document.ts';
import type { SchemaNode } from './schema-node.ts';
import { TriedPattern } from './tried-pattern.ts';

type Test = (text: string) => boolean;

/** What a state takes to be made, in bytes that are looked at. */
const stateWork = 8;
/** What is made before it is counted: one byte may ask for more than ever ends. */
const mostUncounted = 2_500;
const encoder = new TextEncoder();

/**
 * Whether texts that a schema names have the pattern and format of its parts, found by what answers are held to where
 * that is possible: a regular expression of JavaScript may take for ever, and nobody would be answered meanwhile.
 */
export class NamedTexts {
  readonly #document: SchemaDocument;
  readonly #tests = new Map<SchemaNode, readonly Test[]>();

  constructor(document: SchemaDocument) {
    this.#document = document;
  }

  /** Throws ServiceError 400 for a pattern that texts are not compared with. */
  fit(node: SchemaNode, text: string): boolean {
    const tests = this.#tests.get(node) ?? this.#testsOf(node);
    this.#tests.set(node, tests);
    return tests.every((test) => test(text));
  }

  #testsOf(node: SchemaNode): readonly Test[] {
    const { place } = node;
    const heldTo = (root: Form): Test => {
      const pattern = new Expressions({ root, rules: new Map() });
      return (text) => this.#fits(place, pattern, text);
    };
    const keptFrom = (root: Form): Test => {
      const is = heldTo(root);
      return (text) => !is(text);
    };
    // A format that is not known says nothing of them.
    const formats = formatShapes(node).slice(0, 1);
    const ofFormat = formats.map(({ form }) => heldTo(form));
    try {
      const { all, none } = patternsOf(node);
      return [...all.map(heldTo), ...ofFormat, ...none.map(keptFrom)];
    } catch (error) {
      const tried = TriedPattern.of(node.text('pattern') ?? '');
      if (tried === undefined) throw error;
      this.#document.count(place, tried.compileWork);
      const test: Test = (text) => {
        this.#document.count(place, tried.work(text));
        return tried.fits(text);
      };
      return [...ofFormat, test];
    }
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
