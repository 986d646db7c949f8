/** The time, so that tests can move it. */
export interface Clock {
  /** Milliseconds that only ever grow, with fractions. */
  now(): number;
}
