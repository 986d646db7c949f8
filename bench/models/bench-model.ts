/** A model of the benchmarks, and the input that it is measured on. */
export interface BenchModel {
  readonly name: string;
  /** The model repository that holds it alone. */
  readonly repository: string;
  /** The model's file. */
  readonly path: string;
  readonly bytes: number;
  readonly input: BenchInput;
  readonly output: string;
}

export interface BenchInput {
  readonly name: string;
  readonly datatype: 'FP32' | 'UINT8';
  readonly shape: readonly number[];
}
