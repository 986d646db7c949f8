import { firstLogits } from '../../../graph/first-logits.ts';
import type { DecoderLayout } from '../../../ports/decoder.ts';
import type { Api } from '../api.ts';
import type { Pointer } from '../native-types.ts';
import type { Alignment } from './cache-group.ts';
import { FedTensor } from './fed-tensor.ts';

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

/**
 * What a decoder is fed beside its caches, in the order of the layout's inputs, in one run after the other. Owns the
 * values until `release`.
 */
export class DecoderInputs {
  readonly #tensors: readonly (readonly [string, FedTensor])[];

  constructor(api: Api, { inputs }: DecoderLayout) {
    this.#tensors = Array.from(inputs, ([name, datatype]) => [name, new FedTensor(api, datatype)]);
  }

  /** Writes what a run is fed, and puts the values at the front of `values`. */
  feed(feed: DecoderFeed, values: BigUint64Array): void {
    for (let index = 0; index < this.#tensors.length; index += 1) {
      const [name, tensor] = this.#tensors[index] as readonly [string, FedTensor];
      values[index] = fed(name, tensor, feed);
    }
  }

  release(): void {
    for (const [, tensor] of this.#tensors) tensor.release();
  }
}

function fed(name: string, tensor: FedTensor, { tokens, lengths, places, alignment }: DecoderFeed): Pointer {
  const rows = tokens.length;
  const added = tokens[0]?.length ?? 0;
  if (name === 'num_logits_to_keep') {
    tensor.shapeAs([]);
    // Those of the last token are all that is wanted.
    tensor.put(0, 1);
  } else if (name === firstLogits) {
    tensor.shapeAs([1]);
    tensor.put(0, added - 1);
  } else if (name === 'use_cache_branch') {
    tensor.shapeAs([1]);
    tensor.put(0, places > 0 ? 1 : 0);
  } else if (name === 'attention_mask') {
    const all = places + added;
    tensor.shapeAs([rows, all]);
    for (let row = 0; row < rows; row += 1) {
      const length = (lengths[row] as number) + added;
      const first = alignment === 'end' ? all - length : 0;
      for (let place = 0; place < all; place += 1) {
        tensor.put(row * all + place, place >= first && place < first + length ? 1 : 0);
      }
    }
  } else {
    tensor.shapeAs([rows, added]);
    const arePositions = name === 'position_ids';
    for (let row = 0; row < rows; row += 1) {
      const own = tokens[row] as readonly number[];
      const length = lengths[row] as number;
      for (let index = 0; index < added; index += 1) {
        tensor.put(row * added + index, arePositions ? length + index : (own[index] as number));
      }
    }
  }
  return tensor.value;
}
