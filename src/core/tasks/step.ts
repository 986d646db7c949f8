import type { Flow, Kind } from './flow.ts';

/** One step of a task; `apply` throws, or rejects with, ServiceError 400 for a value that it can make nothing of. */
export interface Step<From extends Kind = Kind, To extends Kind = Kind> {
  readonly takes: From;
  readonly gives: To;
  /** Of inputs that it fills, where they are the same for all items. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  apply(value: Flow[From]): Flow[To] | Promise<Flow[To]>;
}
