/** Tokens that a language model has had to do with. */
export interface TokenCounts {
  /** Of prompts that were gone on with. */
  prompt: number;
  /** Found in a cache, in place of being read. */
  found: number;
  generated: number;
}
