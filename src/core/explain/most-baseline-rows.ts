/** Rows that may stand for what is left out. */
export const mostBaselineRows = 100;
