import { type ClassificationMetrics, classificationMetrics } from './classification-metrics.ts';
import { type LabelMetrics, labelMetrics } from './label-metrics.ts';
import { type RegressionMetrics, regressionMetrics } from './regression-metrics.ts';
import { type VectorMetrics, vectorMetrics } from './vector-metrics.ts';

/** How good a model is on rows that it did not learn from. */
export type Metrics =
  | ({ readonly kind: 'classes' } & ClassificationMetrics)
  | ({ readonly kind: 'labels' } & LabelMetrics)
  | ({ readonly kind: 'vectors' } & VectorMetrics)
  | ({ readonly kind: 'numbers' } & RegressionMetrics);

/** The logits of rows, a row after the other, as measures of how well classes are told. */
export function measureClasses(labels: readonly number[], logits: Float64Array): Metrics {
  const classes = logits.length / labels.length;
  const rows = labels.map((_label, row) => [...logits.subarray(row * classes, (row + 1) * classes)]);
  return { kind: 'classes', ...classificationMetrics({ labels, logits: rows }) };
}

/**
 * The logits of rows as measures of how well each of several labels is told; `wanted` has 1 or 0 for each, a row after
 * the other.
 */
export function measureLabels(wanted: readonly number[], logits: Float64Array, labels: number): Metrics {
  return { kind: 'labels', ...labelMetrics(wanted, logits, labels) };
}

/** Vectors of `size` numbers, a row after the other, as measures of how near they are to what was wanted. */
export function measureVectors(wanted: readonly number[], said: Float64Array, size: number): Metrics {
  return { kind: 'vectors', ...vectorMetrics(wanted, said, size) };
}

/** Predicted numbers as measures of how near they are. */
export function measureNumbers(wanted: readonly number[], said: Float64Array): Metrics {
  return { kind: 'numbers', ...regressionMetrics(wanted, said) };
}
