import type { ReadMetadata } from './read-metadata.ts';

/** What answers by a model's task: this process, or a server. */
export interface TaskHost {
  readonly metadata: ReadMetadata;
  /**
   * What `POST` of a path answers to `body`; the path of the model stands for `:model`. Rejects with an Error that says
   * why it does not.
   */
  ask(path: string, body: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What is read of the answer by task. */
export interface TaskAnswer {
  readonly predictions: readonly unknown[];
}
