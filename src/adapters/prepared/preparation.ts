import type { FormFigures } from './form-figures.ts';

/** What came of preparing a version. */
export interface Preparation {
  readonly model: string;
  readonly version: number;
  /** Why there is no prepared form that is used; empty where there is one. */
  readonly whyNot: string;
  /** Absent where it did not come to a comparison. */
  readonly figures?: { readonly plain: FormFigures; readonly prepared: FormFigures };
}
