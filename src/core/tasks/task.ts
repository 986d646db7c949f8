import type { PredictionName } from '../../ports/task.ts';
import type { Flow, Kind } from './flow.ts';
import type { Step } from './step.ts';

/** A task, held against the model that it is for. */
export interface Task {
  readonly name: PredictionName;
  /** From what a caller sends to the model's inputs. */
  readonly preprocess: Step<Kind, 'inputs'>;
  /** From the model's outputs to what the caller gets. */
  readonly postprocess: Step<Kind, 'prediction'>;
}

/** What callers may send, by kind. */
export type ItemKind = Extract<keyof Flow, 'text' | 'file' | 'features'>;
