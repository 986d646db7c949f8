/** What a model answered on inputs that can be made again: what its prepared form must answer too. */
export interface StoredAnswer {
  /** What the inputs hold: numbers that only look random, or zeros where a model refuses those. */
  readonly values: 'random' | 'zeros';
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly StoredOutput[];
}

export interface StoredOutput {
  readonly name: string;
  readonly shape: readonly number[];
  /** All elements, or a sample evenly spread over them; what JSON has no number for is text. */
  readonly elements: readonly (number | string)[];
}
