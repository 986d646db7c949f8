import type { Form } from './form.ts';

/** What a whole text may be. Rules may be in one another, but none begins with itself. */
export interface Grammar {
  readonly root: Form;
  readonly rules: ReadonlyMap<string, Form>;
  /** As `shortestOf` finds it, where that is known. */
  readonly shortest?: ReadonlyMap<string, number>;
}
