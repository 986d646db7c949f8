/**
 * What the names of weights begin with that are in a new network, and that no training changes: means and scales of its
 * columns.
 */
export const fixedWeights = 'fixed/';
