import { isObject } from '../src/protocol/is-object.ts';
import { printTable } from './print-table.ts';
import type { TaskAnswer } from './task-host.ts';

const mostValues = 10;
const mostCharacters = 200;
/** As many of one label are hardly things in a picture. */
const manyObjects = 100;

/**
 * Prints what a model says of items, each under its own words where there are several, values past the tenth left out
 * and numbers of six digits; or the whole answer as JSON.
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

function printRows(predicted: readonly Readonly<Record<string, unknown>>[]): void {
  // The sides of a box are columns of their own.
  const rows = predicted.map(({ box, ...others }) => ({ ...others, ...(isObject(box) ? box : {}) }));
  const names = Object.keys(rows[0] ?? {});
  tellOfBackground(predicted);
  printTable(
    names.map((name) => name.toUpperCase()),
    rows.map((row) => names.map((name) => shown(row[name]))),
  );
}

function tellOfBackground(rows: readonly Readonly<Record<string, unknown>>[]): void {
  const [first] = rows;
  if (first?.box === undefined || rows.length < manyObjects || rows.some(({ label }) => label !== first.label)) return;
  console.error(
    `note: ${rows.length} objects, all of them '${first.label}': if that is the class for nothing, name it as 'background' of 'boxes' in model.json (docs/tasks.md)`,
  );
}

function isRows(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > mostCharacters ? `${value.length} characters, with --json` : value;
  if (!Array.isArray(value)) return JSON.stringify(value, rounded) ?? '';
  const left = value.length - mostValues;
  const first = value.slice(0, mostValues).map((each) => JSON.stringify(each, rounded));
  return `[${first.join(', ')}${left > 0 ? `, … ${left} more` : ''}]`;
}

/** A number with six digits, or all of those before its point. */
function rounded(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Math.abs(value) >= 1e5 ? Math.round(value) : Number(value.toPrecision(6));
}
