import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Flow, Kind } from './flow.ts';

/** A column that a task takes, without a batch dimension. */
export interface TaskColumn extends Pick<TensorSpec, 'name' | 'datatype' | 'shape'> {
  /** What it fills, or a part of it. */
  readonly input: string;
  /** Of one of texts that become numbers, as many as there are texts: 1 for its own, 0 for the others. */
  readonly texts?: readonly string[];
}

/** One step of a task; `apply` throws, or rejects with, ServiceError 400 for a value that it can make nothing of. */
export interface Step<From extends Kind = Kind, To extends Kind = Kind> {
  readonly takes: From;
  readonly gives: To;
  /** Of inputs that it fills, what a warm-up has: those of all items, or of windows at the lowest rate. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Of one that takes columns: what each has to be, in the order in which they fill the inputs, for each input anew. */
  readonly columns?: readonly TaskColumn[];
  /** The output whose numbers it reads, of one that makes a prediction of one output. */
  readonly scores?: string;
  /** The output that it makes other numbers of. */
  readonly reads?: string;
  /** Of one that is made of others: these. */
  readonly steps?: readonly Step[];
  apply(value: Flow[From]): Flow[To] | Promise<Flow[To]>;
}
