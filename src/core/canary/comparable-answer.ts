import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import type { AnswerSample } from './answer-sample.ts';

/** An answer, and how another version would be asked the same. */
export interface ComparableAnswer {
  /** What is kept of it. */
  sample(): readonly AnswerSample[];
  /** Of what it was asked with, which is held until the other version is asked. */
  readonly bytes: number;
  /** Asks a version the same. Absent: another answer would say nothing, as it is drawn by chance, say. */
  readonly again?: ((version: ModelVersion, context: InferenceContext) => Promise<readonly AnswerSample[]>) | undefined;
}
