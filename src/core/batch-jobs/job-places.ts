/** Where in a data store jobs have what they need: inputs and results where the deployment wants them, the rest here. */
export const jobPlaces = {
  /** What there is to know of each job before it is planned. */
  jobs: 'jobs/',
  /** What each job needs until its report is there. */
  work: 'work/',
} as const;
