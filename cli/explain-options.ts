import type { TaskHostOptions } from './open-task-host.ts';

/** The options of `tensorgate explain`. */
export interface ExplainCommandOptions extends TaskHostOptions {
  readonly input: readonly string[];
  readonly method?: string;
  readonly target?: string;
  /** As JSON, or a text. */
  readonly baseline?: string;
  readonly samples?: number;
  readonly seed?: number;
  readonly maxEvaluations?: number;
  /** Others of a request's, as JSON. */
  readonly parameters?: string;
  /** Where the chart or the heat map goes. */
  readonly draw?: string;
  readonly json: boolean;
}
