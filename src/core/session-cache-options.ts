import type { Execution } from '../ports/execution.ts';
import type { PredictionConfig, TextGenerationConfig } from '../ports/task.ts';
import type { LanguageModelFiles, OpenedLanguageModel } from './generation/open-language-model.ts';
import type { FolderTask } from './hugging-face/task-of-folder.ts';
import type { LoadReport } from './load-report.ts';
import type { ModelVersion } from './model-version.ts';
import type { Task } from './tasks/task.ts';
import type { TaskModel } from './tasks/task-model.ts';

export interface SessionCacheOptions {
  /** Budget for loaded models, in bytes of their files. */
  readonly maxBytes: number;
  /** Threads of one run, for models that do not say. */
  readonly intraOpThreads: number;
  /** Where models run that do not say. @default on the processor */
  readonly execution?: Execution | undefined;
  /**
   * What the files beside a model say that it is for; undefined where they say nothing. @default they are not looked at
   */
  readonly taskOfFolder?: (model: Pick<TaskModel, 'signature' | 'readText'>) => Promise<FolderTask | undefined>;
  /**
   * Holds a task against a model's signature. Rejects with an Error that says what does not fit. @default there are no
   * tasks
   */
  readonly openTask?: (task: PredictionConfig, model: Pick<TaskModel, 'signature' | 'readText'>) => Promise<Task>;
  /**
   * Makes a session's model go on with text. Rejects with an Error that says what it lacks for that. @default nothing
   * here does
   */
  readonly openLanguageModel?: (
    version: ModelVersion,
    task: TextGenerationConfig,
    model: LanguageModelFiles,
  ) => Promise<OpenedLanguageModel>;
  /** Hears of every version that begins to serve, and in which form. */
  readonly onLoaded?: (version: ModelVersion, report: LoadReport) => void;
  /** Hears of every version whose session was let go, and why. */
  readonly onReleased?: (version: ModelVersion, reason: string) => void;
  /** Hears of every load that failed, with all that is known of why: callers are told the message alone. */
  readonly onLoadFailed?: (version: ModelVersion, error: unknown) => void;
}
