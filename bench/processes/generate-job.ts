/** What a process that generates text is started with, as JSON. */
export interface GenerateJob {
  readonly path: string;
  /** `generator`: our engine. `loop`: onnxruntime-node, whose caches are copied out and in with each token. */
  readonly engine: 'generator' | 'loop';
  readonly inPlace: boolean;
  readonly threads: number;
  /** Sequences at once. */
  readonly callers: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  /** On the machine's first GPU; `generator` alone. @default on the processor */
  readonly onGpu?: boolean;
}

export interface GenerateResult {
  /** Tokens a second of all sequences together, from the first one's first token on. */
  readonly perSecond: number;
  /** The same, from when they were asked for on: with the prompts, of which several callers have several. */
  readonly withPrompts: number;
  /** Until the first token. */
  readonly firstMs: number;
}

/** Goes on with a prompt, greedily, and calls back with each token. */
export type GenerateTokens = (prompt: readonly number[], count: number, onToken: () => void) => Promise<void>;
