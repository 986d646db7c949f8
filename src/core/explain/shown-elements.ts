import type { FixedTensor } from '../../protocol/tensor.ts';
import { shortNumber } from '../tasks/short-number.ts';
import type { TaskColumn } from '../tasks/step.ts';
import type { Differentiated } from './differentiated.ts';
import { elementNames } from './element-names.ts';
import { floatsOf } from './floats-of.ts';

/** Elements that an answer has at most: those with the largest weights. */
const mostElements = 1024;

/** Weights of the elements of an input as features, by the columns that fill it; of many, what the rest has together. */
export function shownElements(
  own: FixedTensor & { readonly name: string },
  columns: readonly TaskColumn[] = [],
): Differentiated['shown'] {
  return async (_host, weights, baseline) => {
    const values = floatsOf(own);
    const without = baseline && floatsOf(baseline);
    const names = elementNames(own.name, values.length, columns);
    const all = Array.from(weights, (weight, at) => ({
      feature: names[at],
      value: shortNumber(values[at] as number),
      ...(without && { baseline: shortNumber(without[at] as number) }),
      weight,
    }));
    if (all.length <= mostElements) return { features: all };
    const sorted = all.toSorted((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
    const rest = sorted.slice(mostElements);
    const weight = rest.reduce((sum, each) => sum + each.weight, 0);
    return { features: sorted.slice(0, mostElements), others: { elements: rest.length, weight } };
  };
}
