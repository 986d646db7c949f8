import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import type { ExplainHost } from './explain-host.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Subject } from './subject.ts';

/** An explanation that is asked for. */
export interface ExplainCall {
  readonly host: ExplainHost;
  readonly version: ModelVersion;
  readonly subject: Subject;
  readonly options: ExplainOptions;
  readonly context: InferenceContext;
}
