/** The most passes, and rows of a step, that a training may be asked for. */
export const mostCount = 1_000_000;
