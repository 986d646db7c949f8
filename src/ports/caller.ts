import type { Action } from './authorize.ts';

/** Stands for all models where `check` wants one: a caller who may use but some is refused. No model has this name. */
export const allModels = '*';

/** Who asks, and what it may do. All of it goes by names alone: whether there is such a model makes no difference. */
export interface Caller {
  /** Of its key or principal; stands in the log, in usage and in audit. */
  readonly name: string;
  /**
   * Throws ServiceError 403 where it may not do something, 429 where it has had all inferences that it may have.
   *
   * @param model what it would do that with; `allModels`: with each; undefined: with those that it sees
   */
  check(action: Action, model?: string): void;
  /** Counts a request. Throws ServiceError 429 where it sends more than it may. */
  take(): void;
  /** Whether it may use a model, or `allModels`. What it may not use is not shown to it. */
  sees(model: string): boolean;
}
