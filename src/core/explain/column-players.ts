import { shownJson } from '../shown-json.ts';
import type { Features, ItemInputs } from '../tasks/flow.ts';
import type { TaskColumn } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import { baselineInputs } from './baseline-inputs.ts';
import type { Cell } from './cell.ts';
import { cellPlayers } from './cell-players.ts';
import { mostBaselineRows } from './most-baseline-rows.ts';
import type { Players } from './players.ts';
import type { TypicalInputs } from './typical-inputs.ts';
import { typicalRow } from './typical-row.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/**
 * The columns of a task as players, each value of one that has several by itself. Rejects with 400 for an item that the
 * task does not take, a baseline that is no rows of such columns, or where there is none, nor a typical row, and a
 * column has texts.
 *
 * @param baseline a row, or a list of up to 100
 * @param typical stands for what is left out where `baseline` is undefined
 */
export async function columnPlayers(
  task: Task,
  features: Features,
  baseline: unknown,
  typical: TypicalInputs | undefined,
): Promise<Players> {
  const filling = task.preprocess.columns ?? [];
  const columns = filling.filter(({ name }, at) => filling.findIndex((column) => column.name === name) === at);
  // What is no row is refused in the words of /v1/predict, before it is asked what stands for it.
  await task.preprocess.apply(features);
  const cells = cellsOf(columns, features);
  const usual = typical && typicalRow(filling, typical);
  const isUsual = usual !== undefined && fits(usual, cells);
  const rows =
    baseline === undefined ? [isUsual ? usual : zerosFor(cells)] : await rowsOf(task, columns, baseline, cells.length);
  return cellPlayers(cells, {
    baseline: rows,
    words: baseline !== undefined ? undefined : isUsual ? typical?.words : 'zeros',
    make: async (values) => (await task.preprocess.apply(recordOf(columns, values))) as ItemInputs,
  });
}

function fits(values: readonly unknown[], cells: readonly Cell[]): boolean {
  return values.length === cells.length && cells.every(({ value }, at) => typeof values[at] === typeof value);
}

function isVector({ shape }: TaskColumn): boolean {
  return shape.length === 1;
}

/** Of a row that the task takes. */
function cellsOf(columns: readonly TaskColumn[], features: unknown): readonly Cell[] {
  const named = namedBy(columns, features);
  return columns.flatMap((column): Cell | Cell[] => {
    const { name, datatype } = column;
    const value = named?.[name];
    // One number may stand in a list.
    if (!isVector(column)) return { name, value: [value].flat(Number.POSITIVE_INFINITY)[0], datatype };
    return (value as readonly unknown[]).map((each, at) => ({ name: `${name}[${at}]`, value: each, datatype }));
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
    throw wrongBaseline(
      `nothing stands by itself for column '${name}', which is no number: give a row, or rows, of all columns`,
    );
  });
}

async function rowsOf(
  task: Task,
  columns: readonly TaskColumn[],
  baseline: unknown,
  count: number,
): Promise<readonly (readonly unknown[])[]> {
  const isRows = Array.isArray(baseline) && baseline.some((row) => typeof row === 'object');
  const rows = isRows ? (baseline as readonly unknown[]) : [baseline];
  if (rows.length > mostBaselineRows)
    throw wrongBaseline(`expected ${mostBaselineRows} rows at most, got ${rows.length}`, { status: 413 });
  return Promise.all(
    rows.map(async (row, index) => {
      // Counted from 1, as rows of data are.
      const where = isRows ? `, row ${index + 1}` : '';
      if (!isFeatures(row))
        throw wrongBaseline(`expected a row of columns, as JSON, or a list of them, got ${shownJson(row)}`, { where });
      await baselineInputs(task, row, where);
      const values = cellsOf(columns, row).map(({ value }) => value);
      if (values.length === count) return values;
      throw wrongBaseline(`expected ${count} values, got ${values.length}`, { where });
    }),
  );
}

function isFeatures(row: unknown): row is Features {
  return typeof row === 'object' && row !== null;
}
