/** What a request may ask of the decoder; one over it gets 413. */
export interface DecodeLimits {
  readonly maxTensors: number;
  readonly maxElements: number;
  readonly maxNesting: number;
  readonly maxNameLength: number;
}
