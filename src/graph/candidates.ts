import type { OnnxModel } from './onnx-model.ts';
import type { ActivationRange } from './passes/activation-parameters.ts';
import { computeInFloat } from './passes/compute-in-float.ts';
import { fixWeights } from './passes/fix-weights.ts';
import { quantizable } from './passes/quantizable.ts';
import { quantizeDynamically } from './passes/quantize-dynamically.ts';
import { quantizeEmbeddings } from './passes/quantize-embeddings.ts';
import { quantizeMatMuls } from './passes/quantize-mat-muls.ts';
import { quantizeStatically } from './passes/quantize-statically.ts';
import { storeHalves } from './passes/store-halves.ts';

/** A way to a smaller or quicker model. */
export interface Candidate {
  readonly name: string;
  /** What is done, in this order. */
  readonly passes: readonly string[];
  /** The head by which its vectors are told apart is to be fitted anew. @default false: it is that of the source */
  readonly refits?: true;
  /**
   * The model; the same one that was given, where there is nothing to do. Reads weights where it must. Rejects with an
   * Error where that model cannot have it.
   */
  make(model: OnnxModel, rangesWithin: RangesWithin): Promise<OnnxModel>;
}

/**
 * What so many percent of the values of activations of the model in its quantizable form lie in, by name, as samples
 * have them; none where there are no samples.
 */
export type RangesWithin = (percentile: number) => Promise<ReadonlyMap<string, ActivationRange>>;

/** What models are made for. */
export interface CandidateTarget {
  /**
   * Bits of the weights of products of 8 bits that are worth a try: 7 where those of 8 may overflow, as on x86 without
   * VNNI.
   */
  readonly weightBits: readonly (8 | 7)[];
  readonly isGpu: boolean;
}

const embedding = 'embeddings of 8 bits by row';

/**
 * What is worth a try for a target, in the order in which it is tried. For a GPU, activations of 8 bits are not: some
 * of their operators would run on the processor.
 */
export function candidates({ weightBits, isGpu }: CandidateTarget): readonly Candidate[] {
  const weights = ([8, 4] as const).flatMap((bits) =>
    ([4, 0] as const).map((accuracyLevel): Candidate => {
      const passes = [`weights of ${bits} bits in blocks of 32, accuracy level ${accuracyLevel}`, embedding];
      const make = async (model: OnnxModel) =>
        quantized(model, (plain) => quantizeMatMuls(plain, { bits, isSymmetric: true, accuracyLevel }));
      return { name: `int${bits}-level${accuracyLevel}`, passes, make };
    }),
  );
  const halves: Candidate = {
    name: 'fp16-storage',
    passes: ['weights stored as FP16'],
    make: (model) => storeHalves(computeInFloat(fixWeights(model))),
  };
  const constants: Candidate = {
    name: 'constant-weights',
    passes: ['weights that were defaults of inputs made constants'],
    make: async (model) => fixWeights(model),
  };
  const products = isGpu ? [] : weightBits.flatMap((bits) => [...fixedRanges(bits), dynamicRanges(bits)]);
  return [...products, ...weights, halves, constants];
}

/**
 * What a pass makes of the model in the form that it takes, embeddings quantized too; the model itself where there is
 * nothing to do.
 */
function quantized(model: OnnxModel, pass: (plain: OnnxModel) => OnnxModel): OnnxModel {
  const plain = quantizable(model);
  const made = quantizeEmbeddings(pass(plain));
  return made === plain ? model : made;
}

function fixedRanges(weightBits: 8 | 7): readonly Candidate[] {
  const { suffix, words, isReduced } = described(weightBits);
  return [100, 99.99, 99.9].map((percentile) => {
    const range = percentile === 100 ? 'the least to the greatest value' : `${percentile} % of the values`;
    return {
      name: `static-int8${percentile === 100 ? '' : `-${percentile}`}${suffix}`,
      passes: [`products of 8 bits, activations scaled for ${range}${words}`, embedding],
      async make(model, rangesWithin) {
        const ranges = await rangesWithin(percentile);
        return ranges.size === 0
          ? model
          : quantized(model, (plain) => quantizeStatically(plain, ranges, { isReduced }));
      },
    };
  });
}

function dynamicRanges(weightBits: 8 | 7): Candidate {
  const { suffix, words, isReduced } = described(weightBits);
  return {
    name: `dynamic-int8${suffix}`,
    passes: [`products of 8 bits, activations scaled in each run${words}`, embedding],
    make: async (model) => quantized(model, (plain) => quantizeDynamically(plain, { isReduced })),
  };
}

function described(weightBits: 8 | 7) {
  return weightBits === 8
    ? { suffix: '', words: '', isReduced: false }
    : { suffix: '-w7', words: ', weights of 7 bits', isReduced: true };
}
