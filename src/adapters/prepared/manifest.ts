import type { StoredAnswer } from '../../ports/stored-answer.ts';

/** The file of a prepared form that says what it is; where the form is not used, the only one. */
export const manifestFile = 'answer.json';

/** What that file says. */
export interface Manifest {
  /** Of the file and of how inputs are made; a form of another one is not read. */
  readonly format: 1;
  /** Why the form is not used; empty where it is. */
  readonly whyNot: string;
  /** Operators of the model that it was made from. */
  readonly operators: readonly string[];
  readonly answer: StoredAnswer;
}
