import { lettersOf } from '../src/core/charts/letters-of.ts';
import type { Explanation, WeighedPart } from '../src/core/explain/explanation.ts';
import { scoreWords } from '../src/core/explain/score-words.ts';
import { printTable } from './print-table.ts';
import { threeDigits } from './three-digits.ts';

/** As a server answers it. */
export type ToldExplanation = Omit<Explanation, 'method'> & {
  readonly method: string;
};

const mostRows = 20;
/** Of a part's name: of a long text words share one. */
const mostLetters = 60;

/** Prints the parts of an item with their weights, the largest first, twenty at most; or the whole answer as JSON. */
export function printExplanation(answer: ToldExplanation, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(answer));
    return;
  }
  const { fit, completeness, gradients, others, target } = answer;
  const { baseline, baseline_value: without } = answer;
  const from = without === undefined ? '' : `; of the baseline it is ${threeDigits(without)} (${baseline})`;
  const what = `${scoreWords(answer)} of the ${target.of}`;
  console.log(`${answer.method}: ${what} is ${threeDigits(answer.value)}${from}`);
  const parts = answer.features ?? answer.words ?? answer.regions ?? answer.spans ?? answer.bytes ?? [];
  const sorted = parts.toSorted((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
  const names = Object.keys(sorted[0] ?? {});
  printTable(
    names.map((name) => name.toUpperCase()),
    sorted.slice(0, mostRows).map((part) => names.map((name) => cellOf(part, name))),
  );
  const hidden = Math.max(0, sorted.length - mostRows) + (others?.elements ?? 0);
  if (hidden > 0) {
    const rest = sorted.slice(mostRows).reduce((sum, { weight }) => sum + weight, others?.weight ?? 0);
    console.log(`… ${hidden} more, together ${threeDigits(rest)}${others ? '' : ', with --json'}`);
  }
  const told = [
    `${answer.evaluations} evaluations`,
    ...(fit ? [`fit: error ${threeDigits(fit.error)}, R² ${threeDigits(fit.r2)}`] : []),
    ...(completeness ? [`weights add up within ${Number((completeness.gap * 100).toFixed(4))} %`] : []),
    ...(gradients ? [`gradients of version ${gradients.version}, by '${gradients.by}'`] : []),
  ];
  console.log(told.join('; '));
  if (gradients?.note) console.error(`note: ${gradients.note}`);
  if (completeness?.note) console.error(`note: ${completeness.note}`);
  if (answer.note !== undefined) console.error(`note: ${answer.note}`);
}

function cellOf(part: WeighedPart, name: string): string {
  const value = part[name] ?? '–';
  if (typeof value === 'number' && !Number.isInteger(value)) return threeDigits(value);
  const letters = lettersOf(String(value));
  return letters.length <= mostLetters ? String(value) : `${letters.slice(0, mostLetters - 1).join('')}…`;
}
