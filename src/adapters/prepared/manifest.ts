import type { ModelTraits } from '../../ports/model-store.ts';
import type { StoredAnswer } from '../../ports/stored-answer.ts';

/** The file of a prepared form that says what it is; where the form is not used, the only one. */
export const manifestFile = 'answer.json';

/** What that file says; the traits are those of the model that it was made from. */
export interface Manifest extends ModelTraits {
  /** Of the file and of how inputs are made; a form of another one is not read. */
  readonly format: 2;
  /** Why the form is not used; empty where it is. */
  readonly whyNot: string;
  readonly answer: StoredAnswer;
}
