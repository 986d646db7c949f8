/** What bounds the work and the memory that drift takes. */
export const driftLimits = {
  /** Features of a version: the inputs' come first. */
  features: 64,
  /** Rows that are looked at of one run, evenly spread over it. */
  rows: 16,
  /** Elements of a row that each stand for themselves; of longer rows, mean and deviation are looked at. */
  elements: 16,
  /** Elements of a longer row that these are taken of, evenly spread over it. */
  sampled: 1024,
  /** Different words or whole numbers up to which each is counted for itself. */
  values: 50,
  /** Letters of a word that is counted for itself. */
  letters: 64,
  /** Elements of an output's row among which the largest is looked for. */
  classes: 1024,
};
