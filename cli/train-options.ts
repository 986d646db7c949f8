import type { NetworkKind } from '../src/graph/networks/network.ts';

/** What the options of `train` are parsed to. */
export interface TrainOptions {
  readonly data: string;
  readonly test?: string;
  readonly target: string;
  readonly columns?: readonly string[];
  readonly new?: NetworkKind;
  readonly recipe?: string;
  readonly checkpoints?: string;
  readonly svg?: string;
  readonly models: string;
  readonly json: boolean;
}
