import { isObject } from '../src/protocol/is-object.ts';
import { printTable } from './print-table.ts';
import type { TaskAnswer } from './task-host.ts';

const mostValues = 10;
const mostCharacters = 200;

/**
 * Prints what a model says of items, each under its own words where there are several, values past the tenth left out;
 * or the whole answer as JSON.
 */
export function printPredictions(answer: TaskAnswer, words: readonly string[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify(answer));
    return;
  }
  for (const [index, prediction] of answer.predictions.entries()) {
    if (words.length > 1) console.log(`${index > 0 ? '\n' : ''}${words[index]}:`);
    print(prediction);
  }
}

function print(prediction: unknown): void {
  if (isRows(prediction)) printRows(prediction);
  else if (isObject(prediction) && typeof prediction.generated_text === 'string')
    console.log(prediction.generated_text);
  else if (isObject(prediction))
    printTable(
      ['FIELD', 'VALUE'],
      Object.entries(prediction).map(([name, value]) => [name, shown(value)]),
    );
  else console.log(shown(prediction));
}

function printRows(rows: readonly Readonly<Record<string, unknown>>[]): void {
  const names = Object.keys(rows[0] ?? {});
  printTable(
    names.map((name) => name.toUpperCase()),
    rows.map((row) => names.map((name) => shown(row[name]))),
  );
}

function isRows(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > mostCharacters ? `${value.length} characters, with --json` : value;
  if (!Array.isArray(value)) return JSON.stringify(value) ?? '';
  const left = value.length - mostValues;
  const first = value.slice(0, mostValues).map((each) => JSON.stringify(each));
  return `[${first.join(', ')}${left > 0 ? `, … ${left} more` : ''}]`;
}
