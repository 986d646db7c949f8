/**
 * Where in a data store jobs have what they need: inputs and results where the deployment wants them, the rest here.
 */
export const jobPlaces = {
  /** What there is to know of each job before it is planned: `<id>.json`. */
  jobs: 'jobs/',
  /** An empty file begins each job that was asked for by a request: `<id>`. */
  starts: 'starts/',
  /**
   * Which job a request began, by what it asked for: `<digest>/<number>`. Jobs that make models have theirs here, too.
   */
  asked: 'asked/',
  /** What was uploaded for such jobs: `<file id>`, and beside it `<file id>.json`. */
  files: 'files/',
  /** What each job needs until its report is there. */
  work: 'work/',
} as const;
