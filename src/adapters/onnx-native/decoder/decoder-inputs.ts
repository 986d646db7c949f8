import type { DecoderLayout } from '../../../ports/decoder.ts';
import type { Alignment } from './cache-group.ts';

/** The sequences of a run, in the order of their rows. */
export interface DecoderFeed {
  /** New tokens of each, as many for all. */
  readonly tokens: readonly (readonly number[])[];
  /** Tokens that each has already. */
  readonly lengths: readonly number[];
  /** Places for tokens in front of the new ones, in each row. */
  readonly places: number;
  readonly alignment: Alignment;
}

/** A tensor that a decoder is fed. */
export interface DecoderInput {
  readonly datatype: 'INT64' | 'INT32' | 'BOOL';
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** What a decoder is fed beside its caches, in the order of the layout's inputs. */
export function decoderInputs({ inputs }: DecoderLayout, feed: DecoderFeed): readonly DecoderInput[] {
  return Array.from(inputs, ([name, datatype]) => {
    if (datatype === 'BOOL') return { datatype, shape: [1], data: Uint8Array.of(feed.places > 0 ? 1 : 0) };
    const shape = shapeOf(name, feed);
    const numbers = new Numbers(
      shape.reduce((product, size) => product * size, 1),
      datatype,
    );
    write(name, feed, numbers);
    return { datatype, shape, data: numbers.bytes };
  });
}

function shapeOf(name: string, { tokens, places }: DecoderFeed): readonly number[] {
  const added = tokens[0]?.length ?? 0;
  if (name === 'num_logits_to_keep') return [];
  return [tokens.length, name === 'attention_mask' ? places + added : added];
}

function write(name: string, { tokens, lengths, places, alignment }: DecoderFeed, numbers: Numbers): void {
  if (name === 'num_logits_to_keep') {
    // Those of the last token are all that is wanted.
    numbers.put(0, 1);
    return;
  }
  for (const [row, own] of tokens.entries()) {
    const length = lengths[row] as number;
    const added = own.length;
    if (name === 'attention_mask') {
      const first = row * (places + added) + (alignment === 'end' ? places - length : 0);
      for (let index = 0; index < length + added; index += 1) numbers.put(first + index, 1);
      continue;
    }
    for (let index = 0; index < added; index += 1) {
      numbers.put(row * added + index, name === 'position_ids' ? length + index : (own[index] as number));
    }
  }
}

/** Whole numbers from 0 on, of 32 bits or of 64, whose upper halves stay 0. */
class Numbers {
  readonly #words: Int32Array;
  readonly #step: number;

  constructor(count: number, datatype: 'INT64' | 'INT32') {
    this.#step = datatype === 'INT64' ? 2 : 1;
    this.#words = new Int32Array(count * this.#step);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer);
  }

  put(index: number, value: number): void {
    this.#words[index * this.#step] = value;
  }
}
