import type { FixedTensor } from '../../protocol/tensor.ts';
import type { TaskColumn } from '../tasks/step.ts';
import { barChart } from './bar-chart.ts';
import type { Differentiated } from './differentiated.ts';
import { floatsOf } from './floats-of.ts';

/** Elements that an answer has at most: those with the largest weights. */
const mostElements = 1024;

/** Weights of the elements of an input as features, by the columns that fill it, where each fills one. */
export function shownElements(
  own: FixedTensor & { readonly name: string },
  columns: readonly TaskColumn[] = [],
): Differentiated['shown'] {
  return async (_host, weights) => {
    const values = floatsOf(own);
    const isNamed = columns.length === values.length;
    const all = Array.from(weights, (weight, at) => ({
      feature: isNamed ? (columns[at]?.name ?? '') : `${own.name}[${at}]`,
      value: values[at] as number,
      weight,
    }));
    const sorted = all.toSorted((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
    const features = all.length <= mostElements ? all : sorted.slice(0, mostElements);
    return { features, chart: barChart(sorted.map(({ feature, value, weight }) => [`${feature} = ${value}`, weight])) };
  };
}
