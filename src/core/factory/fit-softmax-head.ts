import { seededRandom } from '../seeded-random.ts';
import { shuffle } from '../shuffle.ts';
import { headScores } from './head-scores.ts';
import type { SoftmaxHead } from './softmax-head.ts';

const epochs = 40;
const rowsAtOnce = 32;
const [step, mean1, mean2, small] = [0.02, 0.9, 0.999, 1e-8];

/**
 * Fits a softmax head to vectors whose classes are known, the same one each time: Adam over forty epochs, in an order
 * that is shuffled from one seed.
 *
 * Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015.
 */
export function fitSoftmaxHead(
  vectors: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
): SoftmaxHead {
  const columns = vectors[0]?.length ?? 0;
  const size = classes * (columns + 1);
  const values = new Float64Array(size);
  const gradients = new Float64Array(size);
  const firsts = new Float64Array(size);
  const seconds = new Float64Array(size);
  const head = {
    columns,
    classes,
    weights: values.subarray(0, classes * columns),
    biases: values.subarray(classes * columns),
  };
  const order = vectors.map((_vector, place) => place);
  const random = seededRandom();
  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random);
    for (let start = 0; start < order.length; start += rowsAtOnce) {
      const rows = order.slice(start, start + rowsAtOnce);
      gradients.fill(0);
      for (const row of rows) addGradient(head, vectors[row] as Float64Array, labels[row] as number, gradients);
      steps += 1;
      // Smaller towards the end, so that it settles.
      const rate = (step * (1 - epoch / epochs) * Math.sqrt(1 - mean2 ** steps)) / (1 - mean1 ** steps);
      for (let place = 0; place < size; place += 1) {
        const gradient = (gradients[place] as number) / rows.length;
        const first = mean1 * (firsts[place] as number) + (1 - mean1) * gradient;
        const second = mean2 * (seconds[place] as number) + (1 - mean2) * gradient * gradient;
        firsts[place] = first;
        seconds[place] = second;
        values[place] = (values[place] as number) - (rate * first) / (Math.sqrt(second) + small);
      }
    }
  }
  return head;
}

/** Of each class, how sure it is, from 0 to 1, less 1 for the one that is right, times the vector. */
function addGradient(head: SoftmaxHead, vector: Float64Array, label: number, gradients: Float64Array): void {
  const { classes, columns } = head;
  const scores = headScores(head, vector);
  const most = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  const sum = parts.reduce((total, part) => total + part, 0);
  for (const [index, part] of parts.entries()) {
    const off = part / sum - (index === label ? 1 : 0);
    for (let column = 0; column < columns; column += 1) {
      const place = index * columns + column;
      gradients[place] = (gradients[place] as number) + off * (vector[column] as number);
    }
    const place = classes * columns + index;
    gradients[place] = (gradients[place] as number) + off;
  }
}
