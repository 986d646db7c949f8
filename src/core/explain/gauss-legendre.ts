/** A point between 0 and 1, and how much it counts; of all points together that is 1. */
export interface PathPoint {
  readonly at: number;
  readonly weight: number;
}

/**
 * Points and weights for the mean of a function from 0 to 1, exact for polynomials of degree 2n − 1: the roots of the
 * Legendre polynomial of degree n, by Newton's method.
 *
 * Source: Press et al., "Numerical Recipes", 2007, section 4.6.
 */
export function gaussLegendre(count: number): readonly PathPoint[] {
  return Array.from({ length: count }, (_item, index) => {
    let root = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step += 1) {
      let [value, before] = [1, 0];
      for (let degree = 1; degree <= count; degree += 1)
        [value, before] = [((2 * degree - 1) * root * value - (degree - 1) * before) / degree, value];
      slope = (count * (root * value - before)) / (root * root - 1);
      const change = value / slope;
      root -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    return { at: (1 - root) / 2, weight: 1 / ((1 - root * root) * slope * slope) };
  });
}
