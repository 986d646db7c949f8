/**
 * Rows under which nothing is said of drift: with fewer, chance alone moves shares of twelve bins by as much as would
 * be told.
 */
export const leastRows = 300;
