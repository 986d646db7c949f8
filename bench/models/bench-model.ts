import type { StoredModel } from './stored-model.ts';

/** A model of the benchmarks, and the input that it is measured on. */
export interface BenchModel extends StoredModel {
  readonly input: BenchInput;
  readonly output: string;
}

export interface BenchInput {
  readonly name: string;
  readonly datatype: 'FP32' | 'UINT8' | 'INT64';
  readonly shape: readonly number[];
}
