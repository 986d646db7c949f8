import type { Run, Session } from '../../ports/session.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { Sample } from '../releases/sample.ts';
import type { Task } from './task.ts';
import type { TrialCase } from './trial-case.ts';

/** A model that another was made of, opened as it would be served. */
export interface SourceModel {
  readonly source: Session;
  /** Of samples, by `casesOfSource`; none where there are no samples. */
  readonly cases: readonly TrialCase[];
  /** Run where there are no samples. */
  readonly trial: Run;
}

/** A model of another framework: it is known by what it answered to samples. */
export interface ForeignModel {
  readonly samples: readonly Sample[];
  readonly limits: DecodeLimits;
}

/** A model made from another, to be judged. */
export interface Conversion {
  /** Opens it as it would be served. Rejects with an Error where it does not load. */
  open(): Promise<Session>;
  readonly from: SourceModel | ForeignModel;
  /** What samples ask, where it is known which answers are right. */
  readonly task?: Task | undefined;
}
