import type { ReadMetadata } from './read-metadata.ts';

/** What answers by a model's task: this process, or a server. */
export interface TaskHost {
  readonly metadata: ReadMetadata;
  /** What `POST /v1/predict` of the model answers to `body`. Rejects with an Error that says why it does not. */
  predict(body: string): Promise<TaskAnswer>;
  close(): Promise<void>;
}

/** What is read of the answer by task. */
export interface TaskAnswer {
  readonly predictions: readonly unknown[];
}
