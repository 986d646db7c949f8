import type { Told } from './read-records.ts';
import { tableInput } from './table-input.ts';

/** What people and programs write where there is no value. */
const missing = /: expected a (?:number|value), got ['"]?(-|\?|\.|#?n\/?a!?|nan|none|nil|null)['"]?$/i;
const infinite = /: expected a number, got ['"]?[-+]?inf(inity)?['"]?$/i;

/** What to do about what is no number: by what readers of CSV, JSON and Parquet say of it. */
const advices: readonly (readonly [wrong: RegExp, advice: string])[] = [
  [/ is BOOLEAN,|: expected a number, got ['"]?(true|false)\b/i, 'write 1 and 0 for true and false'],
  [
    / is BYTE_ARRAY,|: expected a number, got ['"]/,
    'name the columns that are numbers with --columns (texts are for a model that reads them, as train MODEL --head linear)',
  ],
  [/ is list of |: expected a number, got a list/, 'write each number of a list into a column of its own'],
  [/ is a struct,/, 'write each number of a struct into a column of its own'],
  [/, and numbers are expected$/, 'write it as DOUBLE, or name the columns that are numbers with --columns'],
];

const field = new RegExp(`^field ('.*?'): input '${tableInput}'(, element \\d+)?`);
const element = new RegExp(`^input '${tableInput}', element (\\d+)`);
const shape = new RegExp(`: the model's input '${tableInput}' takes the shape .*$|: expected lists of one length, .*$`);
const type = new RegExp(`, and the model's input '${tableInput}' takes FP32, .*$`);

/**
 * What readers say of a record of a table, or of its columns, with the name of the column, which is all that whoever
 * trains knows.
 */
export function toldOfTable(words: string, columns: readonly string[]): Told {
  const what = words
    .replace(`, which fills the model's input '${tableInput}' (FP32)`, '')
    .replace(field, 'column $1')
    .replace(element, (_all, place: string) => `column '${columns[Number(place)]}'`)
    .replace(shape, ': expected a number, got a list')
    .replace(type, ', and numbers are expected')
    .replace(/ \(at byte \d+\)$/, '')
    .replace(/: JSON has no NaN .*$/, ': expected a number, got NaN')
    .replace(/: the shape \[\d*\] is .*$/, ': expected a number, got a list');
  if (missing.test(what)) return { what: `${what}, which is a missing value` };
  if (infinite.test(what)) return { what };
  return { what, advice: advices.find(([known]) => known.test(what))?.[1] };
}
