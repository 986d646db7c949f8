import type { SoftmaxHead } from './softmax-head.ts';

/** What a head gives each class of a vector. */
export function headScores(
  { classes, columns, weights, biases }: SoftmaxHead,
  vector: Float64Array,
): readonly number[] {
  return Array.from({ length: classes }, (_class, index) => {
    let score = biases[index] as number;
    for (let column = 0; column < columns; column += 1) {
      score += (weights[index * columns + column] as number) * (vector[column] as number);
    }
    return score;
  });
}
