import { knownNumbers } from './known-numbers.ts';
import type { GraphNode } from './main-graph.ts';
import type { RowInputs, RowRule } from './row-rule.ts';
import type { RowValue, Size } from './row-value.ts';
import { sameForRows } from './same-for-rows.ts';

/** A scalar or a list of sizes. */
interface Sizes {
  readonly rank: number;
  readonly numbers: readonly Size[];
}

type Fold = (...elements: readonly Size[]) => Size | 'unknown';

/** What a value is as sizes; undefined where it is no scalar or list, or nothing is known of its elements. */
function sizesOf(value: RowValue | undefined): Sizes | undefined {
  if (value?.kind === 'sizes') return value;
  if (value?.kind !== 'same' || !value.numbers || !value.shape) return undefined;
  return { rank: value.shape.length, numbers: value.numbers };
}

function sizesValue({ rank, numbers }: Sizes): readonly RowValue[] {
  if (numbers.includes('rows')) return [{ kind: 'sizes', rank: rank === 0 ? 0 : 1, numbers }];
  return [{ kind: 'same', shape: rank === 0 ? [] : [numbers.length], numbers: numbers as (number | undefined)[] }];
}

const shape: RowRule = (node, [value]) => {
  const sizes: readonly Size[] | undefined =
    value?.kind === 'rows'
      ? ['rows', ...Array.from({ length: value.rank - 1 }, () => undefined)]
      : value?.kind === 'same'
        ? value.shape
        : value && (value.rank === 0 ? [] : [value.numbers.length]);
  const [start] = node.integers.get('start') ?? [0];
  const [end] = node.integers.get('end') ?? [sizes?.length];
  return sizes && sizesValue({ rank: 1, numbers: sizes.slice(start, end) });
};

const gather: RowRule = (_node, [value, indices]) => {
  const sizes = sizesOf(value);
  const places = knownNumbers(indices);
  const rank = sizesOf(indices)?.rank;
  if (sizes?.rank !== 1 || !places || rank === undefined) return undefined;
  const { length } = sizes.numbers;
  if (places.some((place) => place < -length || place >= length)) return undefined;
  return sizesValue({ rank, numbers: places.map((place) => sizes.numbers.at(place)) });
};

const slice: RowRule = (_node, [value, starts, ends, axes, steps]) => {
  const sizes = sizesOf(value);
  const [start, ...starting] = knownNumbers(starts) ?? [];
  const [end] = knownNumbers(ends) ?? [];
  const isPlain = (given: RowValue | undefined, plain: number) =>
    !given || knownNumbers(given)?.every((one) => one === plain);
  const isWhole = sizes?.rank === 1 && starting.length === 0 && isPlain(axes, 0) && isPlain(steps, 1);
  if (!isWhole || start === undefined || end === undefined) return undefined;
  return sizesValue({ rank: 1, numbers: sizes.numbers.slice(start, end) });
};

const concat: RowRule = (_node, inputs) => {
  const parts = inputs.map(sizesOf);
  if (!parts.every((part) => part?.rank === 1)) return undefined;
  return sizesValue({ rank: 1, numbers: parts.flatMap((part) => part?.numbers ?? []) });
};

/** A scalar becomes a list of one, or the other way round. */
const changeRank =
  (from: 0 | 1): RowRule =>
  (_node, [value]) => {
    const sizes = sizesOf(value);
    return sizes?.rank === from && sizes.numbers.length === 1
      ? sizesValue({ rank: 1 - from, numbers: sizes.numbers })
      : undefined;
  };

const unchanged: RowRule = (_node, [value]) => {
  const sizes = sizesOf(value);
  return sizes && sizesValue(sizes);
};

// INT32 and INT64: as other types, the numbers would not be what they are.
const cast: RowRule = (node, inputs, opset) =>
  [6, 7].includes(node.integers.get('to')?.[0] ?? 0) ? unchanged(node, inputs, opset) : undefined;

const reshape: RowRule = (_node, [value, to]) => {
  const sizes = sizesOf(value);
  const rank = sizesOf(to)?.numbers.length;
  return sizes && (rank === 0 || rank === 1) ? sizesValue({ rank, numbers: sizes.numbers }) : undefined;
};

/** Element by element; lists of one element and scalars are spread over the longest. */
const elementwise =
  (fold: Fold): RowRule =>
  (_node, inputs) => {
    const all = inputs.map(sizesOf);
    if (!all.every((each) => each !== undefined)) return undefined;
    const length = Math.max(...all.map(({ numbers }) => numbers.length));
    if (all.some(({ numbers }) => numbers.length !== 1 && numbers.length !== length)) return undefined;
    const numbers = Array.from({ length }, (_item, index) =>
      fold(...all.map((each) => each.numbers[each.numbers.length === 1 ? 0 : index])),
    );
    if (numbers.includes('unknown')) return undefined;
    return sizesValue({ rank: Math.max(...all.map(({ rank }) => rank)), numbers: numbers as Size[] });
  };

/** Of two numbers; what `neutral` is done to on the right, or on the left where that is the same, stays. */
const arithmetic =
  (compute: (left: number, right: number) => number, neutral: number, isSymmetric: boolean): Fold =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
    if (right === neutral) return left;
    if (isSymmetric && left === neutral) return right;
    return left === 'rows' || right === 'rows' ? 'unknown' : undefined;
  };

/** The number of rows, and sizes, are never below 0. */
const equal: Fold = (left, right) => {
  if (typeof left === 'number' && typeof right === 'number') return Number(left === right);
  const isBelow = (size: Size | undefined) => typeof size === 'number' && size < 0;
  if (left === 'rows' || right === 'rows') return isBelow(left) || isBelow(right) ? 0 : 'unknown';
  return undefined;
};

const where: Fold = (condition, one, other) => {
  if (typeof condition === 'number') return condition === 0 ? other : one;
  if (condition === 'rows' || ((one === 'rows' || other === 'rows') && one !== other)) return 'unknown';
  return one === other ? one : undefined;
};

/** A tensor that is all one number, a row for each of the inputs' where the first of its sizes is theirs. */
const constantOfShape: RowRule = (node, [value]) => {
  const sizes = sizesOf(value);
  if (sizes?.rank !== 1) return undefined;
  const [first, ...others] = sizes.numbers;
  if (others.includes('rows')) return undefined;
  if (first === 'rows') return [{ kind: 'rows', rank: sizes.numbers.length }];
  const element = node.value ? node.value.numbers?.[0] : 0;
  const isShort = sizes.numbers.length === 1 && first !== undefined && first <= 32 && element !== undefined;
  const numbers = isShort ? Array.from({ length: first }, () => element) : undefined;
  return [{ kind: 'same', shape: sizes.numbers as (number | undefined)[], numbers }];
};

/** What is the same for all becomes a row for each of the inputs', all alike. */
const expand: RowRule = (_node, [value, to]) => {
  const sizes = sizesOf(to)?.numbers ?? [];
  const [first, ...others] = sizes;
  const isSpread = sameForRows(value, sizes.length) && first === 'rows' && !others.includes('rows');
  return isSpread ? [{ kind: 'rows', rank: sizes.length }] : undefined;
};

const fullDivision = (left: number, right: number) => Math.trunc(left / right);

const rules = new Map<string, RowRule>([
  ['Shape', shape],
  ['Gather', gather],
  ['Slice', slice],
  ['Concat', concat],
  ['Unsqueeze', changeRank(0)],
  ['Squeeze', changeRank(1)],
  ['Cast', cast],
  ['Identity', unchanged],
  ['Reshape', reshape],
  ['ConstantOfShape', constantOfShape],
  ['Expand', expand],
  ['Add', elementwise(arithmetic((left, right) => left + right, 0, true))],
  ['Sub', elementwise(arithmetic((left, right) => left - right, 0, false))],
  ['Mul', elementwise(arithmetic((left, right) => left * right, 1, true))],
  ['Div', elementwise(arithmetic(fullDivision, 1, false))],
  ['Equal', elementwise(equal)],
  ['Where', elementwise(where)],
]);

/** What a node makes of sizes, and of shapes, by the rule of its operator; undefined where that cannot be told. */
export function sizeRule(node: GraphNode, inputs: RowInputs, opset: number): readonly RowValue[] | undefined {
  return rules.get(node.operator)?.(node, inputs, opset);
}
