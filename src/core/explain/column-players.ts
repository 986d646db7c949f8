import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';
import type { Features, ItemInputs } from '../tasks/flow.ts';
import type { TaskColumn } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import type { Cell } from './cell.ts';
import { cellPlayers } from './cell-players.ts';
import type { Players } from './players.ts';

/** Rows of a baseline. */
const mostRows = 100;

/** What all values of the inputs usually are, in their order. */
export interface TypicalRow {
  readonly values: readonly unknown[];
  readonly words: string;
}

/**
 * The columns of a task as players, each value of one that has several by itself. Throws 400 for a baseline that is no
 * rows of such columns, or where there is none, nor a typical row, and a column has texts.
 *
 * @param baseline a row, or a list of up to 100
 * @param typical stands for what is left out where `baseline` is undefined, and columns are the values of the inputs
 */
export function columnPlayers(
  task: Task,
  features: Features,
  baseline: unknown,
  typical: TypicalRow | undefined,
): Players {
  const columns = task.preprocess.columns ?? [];
  const cells = cellsOf(columns, features, 'the item');
  const usual = typical && fits(typical, cells) ? typical : undefined;
  const rows = baseline === undefined ? [usual?.values ?? zerosFor(cells)] : rowsOf(columns, baseline, cells.length);
  const given = rows.length === 1 ? 'the row that was given' : `${rows.length} rows that were given`;
  return cellPlayers(cells, {
    baseline: rows,
    words: baseline === undefined ? (usual?.words ?? 'zeros') : given,
    areFloats: columns.every(({ datatype }) => datatype === 'FP32' || datatype === 'FP64'),
    make: async (values) => (await task.preprocess.apply(recordOf(columns, values))) as ItemInputs,
  });
}

/** Not so where a column fills several values of an input, or several inputs. */
function fits({ values }: TypicalRow, cells: readonly Cell[]): boolean {
  return values.length === cells.length && cells.every(({ value }, at) => typeof values[at] === typeof value);
}

function isVector({ shape }: TaskColumn): boolean {
  return shape.length === 1;
}

function cellsOf(columns: readonly TaskColumn[], features: unknown, what: string): readonly Cell[] {
  const named = namedBy(columns, features);
  return columns.flatMap((column): Cell | Cell[] => {
    const { name } = column;
    const value = named?.[name];
    if (value === undefined)
      throw new ServiceError(400, `${what}: expected a value for column '${name}', got ${shownJson(features)}`);
    if (!isVector(column)) return { name, value };
    if (!Array.isArray(value))
      throw new ServiceError(400, `${what}: expected a list for column '${name}', got ${shownJson(value)}`);
    return value.map((each: unknown, at) => ({ name: `${name}[${at}]`, value: each }));
  });
}

/** Values in order by the names of their columns. */
function namedBy(columns: readonly TaskColumn[], features: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof features !== 'object' || features === null) return undefined;
  if (!Array.isArray(features)) return features as Readonly<Record<string, unknown>>;
  const [only] = columns;
  if (only && columns.length === 1 && isVector(only)) return { [only.name]: features };
  return Object.fromEntries(columns.map(({ name }, at) => [name, features[at]]));
}

function recordOf(columns: readonly TaskColumn[], values: readonly unknown[]): Features {
  // Only the last of several columns of unknown sizes could not be told from the next: each has as many as its own row
  // had.
  const sizes = columns.map((column) => (isVector(column) ? (column.shape[0] as number) : 1));
  const free = values.length - sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  let at = 0;
  const fields = columns.map((column, place): [string, unknown] => {
    if (!isVector(column)) return [column.name, values[at++]];
    const size = sizes[place] as number;
    const from = at;
    at += size < 0 ? free : size;
    return [column.name, values.slice(from, at)];
  });
  return Object.fromEntries(fields);
}

function zerosFor(cells: readonly Cell[]): readonly unknown[] {
  return cells.map(({ name, value }) => {
    if (typeof value === 'number') return 0;
    if (typeof value === 'boolean') return false;
    throw new ServiceError(
      400,
      `column '${name}' is no number, and nothing stands for it by itself: give rows in parameter 'baseline'`,
    );
  });
}

function rowsOf(columns: readonly TaskColumn[], baseline: unknown, count: number): readonly (readonly unknown[])[] {
  const isRows = Array.isArray(baseline) && baseline.some((row) => typeof row === 'object');
  const rows = isRows ? (baseline as readonly unknown[]) : [baseline];
  if (rows.length > mostRows)
    throw new ServiceError(413, `parameter 'baseline': expected ${mostRows} rows at most, got ${rows.length}`);
  return rows.map((row, index) => {
    const values = cellsOf(columns, row, `parameter 'baseline', row ${index}`).map(({ value }) => value);
    if (values.length === count) return values;
    throw new ServiceError(400, `parameter 'baseline', row ${index}: expected ${count} values, got ${values.length}`);
  });
}
