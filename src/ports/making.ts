/** How a version was made from another model, or from data, so that it could be made again. */
export interface Making {
  /** The command that made it. */
  readonly by: 'convert' | 'optimize' | 'prune' | 'distil' | 'split' | 'train';
  /** What it was made of, as it was called, and the digest of its file. */
  readonly source: { readonly name: string; readonly sha256: string };
  /** What was learned: rows, as they were called, and the digest of their file. */
  readonly data?: readonly { readonly name: string; readonly sha256: string }[];
  /** How. */
  readonly recipe?: unknown;
  /** What was done to it, in this order. */
  readonly passes: readonly string[];
  /** Of what has a part in it: tensorgate, ONNX Runtime, a framework. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of what was random. */
  readonly seed?: number;
  /** What it learned from, and the mean loss of steps up to each that is named. */
  readonly training?: {
    readonly count: number;
    readonly sha256: string;
    readonly losses: readonly { readonly step: number; readonly loss: number }[];
  };
  /** Samples that it was judged by. */
  readonly samples?: { readonly count: number; readonly sha256: string };
  /** The processor on which the gate asked and measured. */
  readonly measuredOn?: string;
  /** What the gate measured. */
  readonly report?: unknown;
  /** Set where it may have lost something, and no samples showed what. */
  readonly unverified?: true;
}
