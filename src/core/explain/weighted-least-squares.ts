/** A row of what is fitted: what it has of each unknown, what comes of that, and how much it counts. */
export interface FittedRow {
  readonly x: ArrayLike<number>;
  readonly y: number;
  readonly weight: number;
}

/** So small a part of the diagonal holds off rows that do not tell two unknowns apart, and changes nothing else. */
const leastPart = 1e-12;

/**
 * The b for which the sum of weight · (y − x·b)², and `ridge` · |b|² where that is asked for, is least, by the normal
 * equations.
 *
 * @param isFree unknowns that the ridge leaves alone, such as an intercept @default none
 */
export function weightedLeastSquares(
  rows: readonly FittedRow[],
  unknowns: number,
  ridge = 0,
  isFree: (unknown: number) => boolean = () => false,
): Float64Array {
  const matrix = new Float64Array(unknowns * unknowns);
  const right = new Float64Array(unknowns);
  for (const { x, y, weight } of rows)
    for (let row = 0; row < unknowns; row += 1) {
      const part = weight * (x[row] as number);
      if (part === 0) continue;
      right[row] = (right[row] as number) + part * y;
      for (let column = 0; column <= row; column += 1) {
        const at = row * unknowns + column;
        matrix[at] = (matrix[at] as number) + part * (x[column] as number);
      }
    }
  let most = 0;
  for (let row = 0; row < unknowns; row += 1) most = Math.max(most, matrix[row * (unknowns + 1)] as number);
  for (let row = 0; row < unknowns; row += 1) {
    const at = row * (unknowns + 1);
    matrix[at] = (matrix[at] as number) + (isFree(row) ? 0 : ridge) + leastPart * (most || 1);
  }
  return solve(matrix, right);
}

/**
 * Solves by Cholesky's decomposition, in place. Source: Golub and Van Loan, "Matrix Computations", 2013, section 4.2.
 */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const at = (row: number, column: number) => matrix[row * size + column] as number;
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = at(row, column);
      for (let k = 0; k < column; k += 1) sum -= at(row, k) * at(column, k);
      matrix[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / at(column, column);
    }
  for (let row = 0; row < size; row += 1) {
    let sum = right[row] as number;
    for (let k = 0; k < row; k += 1) sum -= at(row, k) * (right[k] as number);
    right[row] = sum / at(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = right[row] as number;
    for (let k = row + 1; k < size; k += 1) sum -= at(k, row) * (right[k] as number);
    right[row] = sum / at(row, row);
  }
  return right;
}
