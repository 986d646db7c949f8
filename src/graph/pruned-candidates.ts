import type { Candidate } from './candidates.ts';
import type { OnnxModel } from './onnx-model.ts';
import { pruneHeads } from './prune/prune-heads.ts';
import { pruneNeurons } from './prune/prune-neurons.ts';

export interface PruningMeans {
  /** What of a layer's hidden neurons, or of its heads, goes. */
  readonly share: number;
  /** What is worth a try of what is left, besides leaving it as it is. */
  readonly then: readonly Candidate[];
  /** Fits the head of what is left anew, if it has one; `words` say so. */
  readonly refit: { readonly words: string; fit(model: OnnxModel): Promise<OnnxModel> };
}

const ways = {
  neurons: { words: 'hidden neurons', cut: pruneNeurons },
  heads: { words: 'attention heads', cut: pruneHeads },
};

/**
 * Structured pruning that is worth a try: hidden neurons, or attention heads, and then by itself or with what is made
 * of that. Each cut is made, and its head fitted, once.
 */
export function prunedCandidates({ share, then, refit }: PruningMeans): readonly Candidate[] {
  return Object.entries(ways).flatMap(([what, { words, cut }]) => {
    let made: Promise<OnnxModel> | undefined;
    const cutOnce = (model: OnnxModel) => {
      made ??= cut(model, share).then((found) => (found.layers === 0 ? model : refit.fit(found.model)));
      return made;
    };
    const plain: Candidate = {
      name: `${what}-${share}`,
      passes: [`${share} of the ${words} of each layer cut out`, refit.words],
      refits: true,
      make: cutOnce,
    };
    const further = then.map((next): Candidate => {
      const make: Candidate['make'] = async (model, rangesWithin) => {
        const left = await cutOnce(model);
        const last = left === model ? model : await next.make(left, rangesWithin);
        return last === left ? model : last;
      };
      return { name: `${plain.name}-${next.name}`, passes: [...plain.passes, ...next.passes], refits: true, make };
    });
    return [plain, ...further];
  });
}
