import type { Explanation, WeighedPart } from '../src/core/explain/explanation.ts';
import { printTable } from './print-table.ts';
import { threeDigits } from './three-digits.ts';

/** As a server answers it. */
export type ToldExplanation = Omit<Explanation, 'method'> & {
  readonly method: string;
  /** Of answers to tensors. */
  readonly model_name?: string;
};

const mostRows = 20;

/** Prints the parts of an item with their weights, the largest first, twenty at most; or the whole answer as JSON. */
export function printExplanation(answer: ToldExplanation, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(answer));
    return;
  }
  const { target, fit, completeness, gradients } = answer;
  const isOutput = gradients !== undefined || answer.model_name !== undefined;
  // A task may make a probability of what an output says; others are told as the graph has them.
  const of = isOutput && target.output !== undefined ? ` (${target.output})` : '';
  const what = target.label === undefined ? `${target.output ?? 'number'}[${target.index}]` : `${target.label}${of}`;
  const { baseline, baseline_value: without } = answer;
  const from = without === undefined ? '' : `; of the baseline it is ${threeDigits(without)} (${baseline})`;
  console.log(`${answer.method}: ${what} is ${threeDigits(answer.value)}${from}`);
  const parts = answer.features ?? answer.words ?? answer.regions ?? answer.spans ?? [];
  const sorted = parts.toSorted((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
  const names = Object.keys(sorted[0] ?? {});
  printTable(
    names.map((name) => name.toUpperCase()),
    sorted.slice(0, mostRows).map((part) => names.map((name) => cellOf(part, name))),
  );
  if (sorted.length > mostRows) console.log(`… ${sorted.length - mostRows} more, with --json`);
  const told = [
    `${answer.evaluations} evaluations`,
    ...(fit ? [`fit: error ${threeDigits(fit.error)}, R² ${threeDigits(fit.r2)}`] : []),
    ...(completeness ? [`weights add up within ${Number((completeness.gap * 100).toFixed(4))} %`] : []),
    ...(gradients ? [`gradients of version ${gradients.version}`] : []),
  ];
  console.log(told.join('; '));
  if (completeness?.note) console.error(`note: ${completeness.note}`);
  if (parts.length > 0 && parts.every(({ weight }) => weight === 0))
    console.error('note: all weights are 0: no part changes the score by this method');
  if (answer.features && answer.baseline === 'zeros')
    console.error(
      'note: zeros stand for what is left out, as the version has no samples.jsonl of such rows; they may be far from any: give a usual row with --baseline',
    );
}

function cellOf(part: WeighedPart, name: string): string {
  const value = part[name] ?? '–';
  return typeof value === 'number' && !Number.isInteger(value) ? threeDigits(value) : String(value);
}
