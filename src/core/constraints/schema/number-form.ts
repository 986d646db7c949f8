import type { Steps } from '../../pace/steps.ts';
import { decimalOf } from '../decimal-of.ts';
import type { Form } from '../form.ts';
import { intersectForms } from '../intersect-forms.ts';
import { integer, number } from '../json-text.ts';
import { multiplesOf } from '../multiples-of.ts';
import { numbersBetween } from '../numbers-between.ts';
import type { Branch } from './branch.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Each of its multiples' remainders is a state for each digit. */
const mostDivisor = 250;
const mostDecimals = 6;

/** Numbers of a branch, between its bounds. */
export function* numberForm(branch: Branch, isWhole: boolean, { budget }: Pick<SchemaRules, 'budget'>): Steps<Form> {
  let [low, isLowOpen] = [Number.NEGATIVE_INFINITY, false];
  let [high, isHighOpen] = [Number.POSITIVE_INFINITY, false];
  for (const node of branch) {
    const least = node.number('minimum') ?? Number.NEGATIVE_INFINITY;
    const above = node.number('exclusiveMinimum') ?? Number.NEGATIVE_INFINITY;
    if (least > low) [low, isLowOpen] = [least, false];
    if (above >= low && above > Number.NEGATIVE_INFINITY) [low, isLowOpen] = [above, true];
    const most = node.number('maximum') ?? Number.POSITIVE_INFINITY;
    const below = node.number('exclusiveMaximum') ?? Number.POSITIVE_INFINITY;
    if (most < high) [high, isHighOpen] = [most, false];
    if (below <= high && below < Number.POSITIVE_INFINITY) [high, isHighOpen] = [below, true];
  }
  const divisors = branch.filter((node) => node.has('multipleOf')).flatMap(divisorOf);
  const isOnlyWhole = isWhole || divisors.some(({ decimals }) => decimals === 0);
  const isUnbound = low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;
  const plain = isOnlyWhole ? integer : number;
  // With a part behind the point, 15 digits in all: more would be rounded to what is no multiple.
  const isPlain = isUnbound && (isOnlyWhole || divisors.length === 0);
  const between = isPlain ? plain : numbersBetween({ low, isLowOpen, high, isHighOpen }, isOnlyWhole);
  if (divisors.length === 0) return between;
  try {
    return yield* intersectForms([between, ...divisors.map(multiplesOf)], budget);
  } catch (error) {
    const place = branch.find((node) => node.has('multipleOf'))?.place ?? '#';
    throw schemaError(place, `has a multipleOf that is too much (${(error as Error).message}); expected a smaller one`);
  }
}

function divisorOf(node: SchemaNode): Parameters<typeof multiplesOf> {
  const divisor = node.number('multipleOf') ?? 0;
  const { digits, decimals } = decimalOf(divisor);
  if (divisor > 0 && digits <= mostDivisor && decimals <= mostDecimals) return [{ digits: Number(digits), decimals }];
  throw node.wrong(
    'multipleOf',
    `a number up to ${mostDivisor} without its point, of which ${mostDecimals} digits may stand behind it (7, 0.01, 2.5): answers cannot be held to other multiples`,
  );
}
