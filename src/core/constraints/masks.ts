import { nextTurn } from '../pace/next-turn.ts';
import { OutOfTurn } from '../pace/out-of-turn.ts';
import type { Expression } from './expression.ts';
import type { Expressions } from './expressions.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Tokens that may come next. */
export interface Mask {
  readonly bits: Uint32Array;
  /** Of what may follow one of them, the bytes at least, where that is most. */
  readonly most: number;
}

/** Tokens that lie in one piece of text, and the nodes of the tree where the piece may be over. */
interface PieceMask extends Mask {
  readonly exits: readonly number[];
}

/** Bytes that the masks of a grammar may take, beyond which they are made anew. */
const keptBytes = 4 * 1024 ** 2;
/** What is made in one turn of the event loop: some ten milliseconds. */
const mostInTurn = 2_500;

/**
 * Finds the tokens that may come in each state of a grammar: it walks the tree of all tokens' bytes, and leaves a
 * branch at the first byte that may not come. Masks are kept; those of a piece without rules (a string, a number) are
 * kept wherever it stands, so that all tokens are walked through once for all strings of a grammar, not for each.
 */
export class Masks {
  readonly #expressions: Expressions;
  readonly #vocabulary: Vocabulary;
  readonly #whole = new Map<Expression, Mask>();
  readonly #pieces = new Map<Expression, PieceMask>();
  /** The state before the byte of each depth, on the way to the node that is looked at. */
  readonly #states: Expression[] = [];

  constructor(expressions: Expressions, vocabulary: Vocabulary) {
    this.#expressions = expressions;
    this.#vocabulary = vocabulary;
  }

  of(state: Expression): Mask {
    let mask = this.#whole.get(state);
    if (mask === undefined) {
      const bits = new Uint32Array(this.#vocabulary.words);
      mask = { bits, most: this.#fill(state, Number.POSITIVE_INFINITY, bits) };
      this.#keep(this.#whole, state, mask);
    }
    return mask;
  }

  /**
   * Makes ready what `find`, which asks for masks, needs; where that is much, in turns with others. Undefined: it is
   * ready.
   */
  prepare(find: () => void): Promise<void> | undefined {
    return this.#isFound(find) ? undefined : this.#prepareInTurns(find);
  }

  async #prepareInTurns(find: () => void): Promise<void> {
    do await nextTurn();
    while (!this.#isFound(find));
  }

  #isFound(find: () => void): boolean {
    this.#expressions.left = mostInTurn;
    try {
      find();
      return true;
    } catch (error) {
      if (error instanceof OutOfTurn) return false;
      throw error;
    } finally {
      this.#expressions.left = Number.POSITIVE_INFINITY;
    }
  }

  /** The tokens after which the text can end within `limit` bytes. */
  within(state: Expression, limit: number): Uint32Array {
    const bits = new Uint32Array(this.#vocabulary.words);
    this.#fill(state, limit, bits);
    return bits;
  }

  #fill(state: Expression, limit: number, bits: Uint32Array): number {
    if (state.kind === 'choice') {
      return state.among.reduce((most, one) => Math.max(most, this.#fill(one, limit, bits)), 0);
    }
    const isSequence = state.kind === 'sequence';
    const piece = isSequence && !(state.isPlain && isSmall(state.first)) ? state.first : state;
    if (!piece.isPlain) return this.#fill(this.#expressions.opened(state), limit, bits);
    if (piece.kind === 'end' || piece.kind === 'nothing') return 0;
    const rest = piece === state ? this.#expressions.end : (state as { rest: Expression }).rest;
    if (piece.kind === 'literal' || piece.kind === 'byte') {
      return this.#walk(state, 0, this.#vocabulary.end.length, 0, limit, bits);
    }
    return this.#fillPiece(piece, rest, state, limit, bits);
  }

  #fillPiece(piece: Expression, rest: Expression, state: Expression, limit: number, bits: Uint32Array): number {
    const near = this.#clamped(piece);
    const inside = this.#piece(near);
    const most = inside.most + piece.shortest - near.shortest + rest.shortest;
    if (most > limit) return this.#walk(state, 0, this.#vocabulary.end.length, 0, limit, bits);
    for (let word = 0; word < bits.length; word += 1) bits[word] = (bits[word] ?? 0) | (inside.bits[word] ?? 0);
    let farthest = most;
    if (rest.kind === 'end') return farthest;
    if (near.shortest === 0) farthest = Math.max(farthest, this.#fill(rest, limit, bits));
    const { depth, end } = this.#vocabulary;
    for (const node of inside.exits) {
      const from = (depth[node] ?? 0) + 1;
      farthest = Math.max(farthest, this.#walk(rest, node + 1, end[node] ?? 0, from, limit, bits));
    }
    return farthest;
  }

  #piece(piece: Expression): PieceMask {
    let mask = this.#pieces.get(piece);
    if (mask === undefined) {
      const bits = new Uint32Array(this.#vocabulary.words);
      const exits: number[] = [];
      const most = this.#walk(piece, 0, this.#vocabulary.end.length, 0, Number.POSITIVE_INFINITY, bits, exits);
      mask = { bits, most, exits };
      this.#keep(this.#pieces, piece, mask);
    }
    return mask;
  }

  /** Goes through the nodes from `node` to `last`, which lie below a node of depth `top` - 1 where `state` is. */
  #walk(
    state: Expression,
    node: number,
    last: number,
    top: number,
    limit: number,
    bits: Uint32Array,
    exits?: number[],
  ): number {
    const { byte, depth, end, first, tokens } = this.#vocabulary;
    const expressions = this.#expressions;
    const states = this.#states;
    states[top] = state;
    let most = 0;
    let at = node;
    while (at < last) {
      const level = depth[at] as number;
      const next = expressions.after(states[level] as Expression, byte[at] as number);
      if (next === expressions.nothing) {
        at = end[at] as number;
        continue;
      }
      states[level + 1] = next;
      const until = first[at + 1] as number;
      let place = first[at] as number;
      if (place < until && next.shortest <= limit) {
        most = Math.max(most, next.shortest);
        for (; place < until; place += 1) {
          const token = tokens[place] as number;
          bits[token >>> 5] = (bits[token >>> 5] as number) | (1 << (token & 31));
        }
      }
      if (next.shortest === 0 && exits !== undefined && (end[at] as number) > at + 1) exits.push(at);
      at += 1;
    }
    return most;
  }

  /**
   * The piece with its counts brought down to what one token can reach: a string of at most 1,000 characters is, to a
   * token, like one of at most 900.
   */
  #clamped(piece: Expression): Expression {
    const { longest } = this.#vocabulary;
    if (piece.kind === 'sequence') {
      return this.#expressions.sequence(this.#clamped(piece.first), this.#clamped(piece.rest));
    }
    if (piece.kind !== 'repeat') return piece;
    const most = piece.most >= longest ? Number.POSITIVE_INFINITY : piece.most;
    return this.#expressions.repeat(piece.of, Math.min(piece.least, longest + 1), most);
  }

  #keep<M extends Mask>(masks: Map<Expression, M>, state: Expression, mask: M): void {
    if ((masks.size + 1) * mask.bits.byteLength > keptBytes) masks.clear();
    masks.set(state, mask);
  }
}

/** A part that is not worth a mask of its own. */
function isSmall(first: Expression): boolean {
  return first.kind !== 'sequence' && first.kind !== 'machine';
}
