import type { OnnxNode } from '../onnx-model.ts';
import { operatorOf } from '../operator-of.ts';
import { NoGradientError } from './no-gradient-error.ts';
import { patternsOf } from './patterns-of.ts';

/** What cannot be gone back through. */
export interface GradientFault {
  readonly node: OnnxNode;
  /** Why, of an operator that can be as a rule. */
  readonly refused: string | undefined;
  /** The values before it that were to have gradients. */
  readonly sources: ReadonlySet<string>;
}

const mostTold = 3;
const insteadOfQuantized =
  'Train the model of floats that it was made from, or have a head learn from what it gives (--head linear)';
const insteadOfOthers = 'Train a new network (--new mlp), or a head on what the model gives (--head linear)';
const quantizing = /[Qq]uantize|Integer|^QLinear|^Q(Gemm|Attention|Embed)|NBits|Bnb4/;

/**
 * What is said of a model in which a gradient by some of the values `wanted` comes to where it goes no further, with
 * all that has to stay as it is at once.
 */
export function untrainable(faults: readonly GradientFault[], wanted: readonly string[]): NoGradientError {
  const reasons = faults.slice(0, mostTold).map(reasonOf);
  const frozen = new Set(faults.flatMap(({ sources }) => [...sources]));
  const left = wanted.filter((name) => !frozen.has(name));
  const freeze = `freeze what is before it (${patternsOf([...frozen], left).join(', ')})`;
  const ways = left.length > 0 ? freeze : `with what is before it frozen nothing would learn. ${insteadOfOthers}`;
  const quantized = operatorsOf(faults.filter(({ node }) => isQuantized(node)));
  if (quantized === '') return new NoGradientError(`${reasons.join('; ')}: ${ways}`, reasons.join('; '));
  const others = left.length > 0 ? `; or ${freeze}` : '';
  return new NoGradientError(
    `the model is quantized (${quantized}), and no gradient goes back through that. ${insteadOfQuantized}${others}`,
    reasons.join('; '),
  );
}

/**
 * What is said of nodes that quantize as they run, by all rows of a run: whatever is frozen, the model would learn to
 * say something else than it says of a row alone. Undefined where there are none.
 */
export function quantizedByRows(nodes: readonly OnnxNode[]): NoGradientError | undefined {
  if (!nodes.some(({ opType }) => opType.startsWith('DynamicQuantize'))) return undefined;
  const operators = operatorsOf(nodes.filter(isQuantized).map((node) => ({ node })));
  return new NoGradientError(
    `the model is quantized (${operators}): no gradient goes back through that, and what it says of a row depends on those beside it. ${insteadOfQuantized}`,
  );
}

/** What is said of a model none of whose weights can learn, by the nodes that it takes to give `prediction`. */
export function withoutWeights(prediction: string, nodes: readonly OnnxNode[]): NoGradientError {
  const expected = `expected weights of FP32 that '${prediction}' depends on and that are not frozen, got none`;
  const other = operatorsOf(nodes.filter(({ domain }) => domain === 'ai.onnx.ml').map((node) => ({ node })));
  if (other !== '')
    return new NoGradientError(
      `${expected}: what the model learned is in ${other}, which no gradient changes. ${insteadOfOthers}`,
    );
  const quantized = operatorsOf(nodes.filter(isQuantized).map((node) => ({ node })));
  if (quantized !== '')
    return new NoGradientError(`${expected}: the model is quantized (${quantized}). ${insteadOfQuantized}`);
  return new NoGradientError(`${expected}: freeze fewer of them, or have a head learn from what the model gives`);
}

function isQuantized({ opType }: OnnxNode): boolean {
  return quantizing.test(opType);
}

function operatorsOf(faults: readonly Pick<GradientFault, 'node'>[]): string {
  return [...new Set(faults.map(({ node }) => operatorOf(node)))].join(', ');
}

function reasonOf({ node, refused }: GradientFault): string {
  const name = node.name === '' ? node.outputs[0] : node.name;
  return `no gradient goes back through ${operatorOf(node)}${refused ? ` ${refused}` : ''} (node '${name}')`;
}
