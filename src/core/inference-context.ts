import type { ServedTokens } from '../ports/served.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { StageTimes } from './model-statistics.ts';

/** What the transport knows of a request beside its body. */
export interface InferenceContext {
  /** Filled in as the stages pass. */
  readonly times: StageTimes;
  /** Filled in: of models that take tokens. */
  tokens?: ServedTokens;
  /** Name of whoever asks, whose sequences it may go on with. @default callers need no key */
  readonly caller?: string | undefined;
  /** Its inputs are made up, not sent: nobody looks at how they are spread, and no answer is kept. @default false */
  readonly isMadeUp?: boolean;
  /** Outputs that may stay on the model's device: they come with `held`, which is to be released. @default none */
  readonly staying?: ReadonlySet<string> | undefined;
  /** Throws 504 where the deadline has passed. Asked before a run that nothing can end. */
  checkDeadline(): void;
  /**
   * Aborts when the caller left or the deadline passed; a reason that is a ServiceError is what the caller gets.
   * Asked for only where a load or a run leaves the calling thread.
   */
  signal(): AbortSignal;
  /** Throws 400 where the answer cannot carry an output as it was asked for. Asked before the run. */
  checkOutput(output: TensorSpec): void;
}
