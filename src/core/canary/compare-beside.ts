import type { ModelVersion } from '../model-version.ts';
import { withoutDeadline } from '../without-deadline.ts';
import type { AnswerSample } from './answer-sample.ts';
import type { BackgroundRuns } from './background-runs.ts';
import type { ComparableAnswer } from './comparable-answer.ts';
import { type AnswerComparison, compareAnswers } from './compare-answers.ts';
import type { ComparisonRecord } from './comparison-record.ts';

/** An answer that a caller got, and the version that is asked the same beside. */
export interface Comparison {
  readonly answer: { readonly bytes: number; readonly again: NonNullable<ComparableAnswer['again']> };
  /** Of the answer. */
  readonly samples: readonly AnswerSample[];
  /** How long its run took. */
  readonly inferMs: number;
  readonly other: ModelVersion;
  /** Whether what the other version says is what is right. */
  readonly isOtherRight: boolean;
  readonly tolerance: number;
  readonly record: ComparisonRecord;
  readonly heard?: (comparison: AnswerComparison) => void;
}

/** Asks another version the same when there is time for it, and records how far apart the answers are. */
export function compareBeside(background: BackgroundRuns, comparison: Comparison): void {
  const { answer, samples, inferMs, other, isOtherRight, tolerance, record, heard } = comparison;
  background.offer({
    bytes: answer.bytes,
    drop: () => {
      record.dropped += 1;
    },
    run: async (signal) => {
      const context = withoutDeadline(signal);
      try {
        const found = await answer.again(other, context);
        const [right, tried] = isOtherRight ? [found, samples] : [samples, found];
        const compared = compareAnswers(right, tried, tolerance);
        record.add(compared, inferMs, context.times.inferMs);
        heard?.(compared);
      } catch {
        if (signal.aborted) record.dropped += 1;
        else record.failed += 1;
      }
    },
  });
}
