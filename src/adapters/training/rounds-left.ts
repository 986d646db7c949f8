/**
 * A training goes no further here, as its rounds were left to others: once these are done, the same command stores what
 * they came to.
 */
export class RoundsLeft extends Error {}
