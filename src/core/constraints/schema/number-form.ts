import type { Form } from '../form.ts';
import { integer, number } from '../json-text.ts';
import { numbersBetween } from '../numbers-between.ts';
import type { Branch } from './branches-of.ts';

/** Numbers of a branch, between its bounds. */
export function numberForm(branch: Branch, isWhole: boolean): Form {
  let [low, isLowOpen] = [Number.NEGATIVE_INFINITY, false];
  let [high, isHighOpen] = [Number.POSITIVE_INFINITY, false];
  for (const node of branch) {
    if (node.has('multipleOf') && node.number('multipleOf') !== 1) {
      throw node.wrong('multipleOf', '1, which is type integer: answers cannot be held to other multiples');
    }
    const least = node.number('minimum') ?? Number.NEGATIVE_INFINITY;
    const above = node.number('exclusiveMinimum') ?? Number.NEGATIVE_INFINITY;
    if (least > low) [low, isLowOpen] = [least, false];
    if (above >= low && above > Number.NEGATIVE_INFINITY) [low, isLowOpen] = [above, true];
    const most = node.number('maximum') ?? Number.POSITIVE_INFINITY;
    const below = node.number('exclusiveMaximum') ?? Number.POSITIVE_INFINITY;
    if (most < high) [high, isHighOpen] = [most, false];
    if (below <= high && below < Number.POSITIVE_INFINITY) [high, isHighOpen] = [below, true];
  }
  const isOnlyWhole = isWhole || branch.some((node) => node.has('multipleOf'));
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return isOnlyWhole ? integer : number;
  return numbersBetween({ low, isLowOpen, high, isHighOpen }, isOnlyWhole);
}
