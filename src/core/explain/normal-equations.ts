import type { Game } from './game.ts';

/** A row of what is fitted: what it has of each unknown, what comes of that, and how much it counts. */
export interface FittedRow {
  readonly x: ArrayLike<number>;
  readonly y: number;
  readonly weight: number;
}

/** So small a part of the diagonal holds off rows that do not tell two unknowns apart, and changes nothing else. */
const leastPart = 1e-12;

/**
 * Weighted least squares by the normal equations, which take in row by row and keep none: of 256 unknowns and 100,000
 * rows that would be 200 MB.
 */
export class NormalEquations {
  readonly #unknowns: number;
  readonly #matrix: Float64Array;
  readonly #right: Float64Array;

  constructor(unknowns: number) {
    this.#unknowns = unknowns;
    this.#matrix = new Float64Array(unknowns * unknowns);
    this.#right = new Float64Array(unknowns);
  }

  add({ x, y, weight }: FittedRow): void {
    const [matrix, right] = [this.#matrix, this.#right];
    for (let row = 0; row < this.#unknowns; row += 1) {
      const part = weight * (x[row] as number);
      if (part === 0) continue;
      right[row] = (right[row] as number) + part * y;
      const from = row * this.#unknowns;
      for (let column = 0; column <= row; column += 1)
        matrix[from + column] = (matrix[from + column] as number) + part * (x[column] as number);
    }
  }

  /**
   * The b for which the sum of weight · (y − x·b)², and `ridge` · |b|² where that is asked for, is least. To be asked
   * once.
   *
   * @param isFree unknowns that the ridge leaves alone, such as an intercept @default none
   */
  solve(pause: Game['pause'], ridge = 0, isFree: (unknown: number) => boolean = () => false): Promise<Float64Array> {
    const [unknowns, matrix] = [this.#unknowns, this.#matrix];
    let most = 0;
    for (let row = 0; row < unknowns; row += 1) most = Math.max(most, matrix[row * (unknowns + 1)] as number);
    for (let row = 0; row < unknowns; row += 1) {
      const at = row * (unknowns + 1);
      matrix[at] = (matrix[at] as number) + (isFree(row) ? 0 : ridge) + leastPart * (most || 1);
    }
    return solved(matrix, this.#right, pause);
  }
}

/**
 * Solves by Cholesky's decomposition, in place. Source: Golub and Van Loan, "Matrix Computations", 2013, section 4.2.
 */
async function solved(matrix: Float64Array, right: Float64Array, pause: Game['pause']): Promise<Float64Array> {
  const size = right.length;
  const at = (row: number, column: number) => matrix[row * size + column] as number;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = at(row, column);
      for (let k = 0; k < column; k += 1) sum -= at(row, k) * at(column, k);
      matrix[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / at(column, column);
    }
    await pause();
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
