import type { TaskTools } from '../../ports/task-tools.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { ModelSignature } from '../model-version.ts';

/** What steps know of the model that they are for, and of the host. */
export interface TaskModel {
  readonly signature: ModelSignature;
  /** A text file of the version's folder. Rejects with ServiceError 404 where there is none. */
  readonly readText: (file: string) => Promise<string>;
  readonly tools: TaskTools;
  readonly limits: DecodeLimits;
  /** Samples a second that sounds may have where they become tensors. */
  readonly rates: readonly number[];
}
