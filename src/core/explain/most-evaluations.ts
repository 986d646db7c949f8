/** Rows that one explanation may run the model on. */
export const mostEvaluations = 100_000;
