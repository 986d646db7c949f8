import type { headKinds } from '../src/core/training/head-kinds.ts';
import type { NetworkKind } from '../src/graph/networks/network.ts';
import type { GpuChoice } from './gpu-of.ts';
import type { PushedAs } from './pushed-as.ts';

/** What the options of `train` are parsed to. */
export interface TrainOptions extends GpuChoice {
  readonly data: string;
  readonly test?: string;
  readonly target?: string;
  readonly columns?: readonly string[];
  readonly new?: NetworkKind;
  readonly head?: (typeof headKinds)[number];
  /** Names of weights, or their beginnings with a `*` behind. */
  readonly freeze?: readonly string[];
  readonly name?: PushedAs;
  readonly recipe?: string;
  /** What of a recipe may be said by an option of its own, which counts more than the file. */
  readonly epochs?: number;
  readonly batchRows?: number;
  readonly learningRateMultiplier?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly checkpoints?: string;
  readonly rounds?: string;
  readonly svg?: string;
  readonly models: string;
  readonly json: boolean;
}
