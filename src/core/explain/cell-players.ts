import { ServiceError } from '../../protocol/service-error.ts';
import type { ItemInputs } from '../tasks/flow.ts';
import { shortNumber } from '../tasks/short-number.ts';
import type { Cell } from './cell.ts';
import { groupsOf } from './groups-of.ts';
import type { NumberPlayers, Players } from './players.ts';

/** Values that are put together anew for each row that the model is asked. */
const mostValues = 262_144;

export interface CellOptions {
  /** Rows that stand for what is left out, each with a value for each cell. */
  readonly baseline: readonly (readonly unknown[])[];
  /** What they are, in words. @default rows that were given */
  readonly words: string | undefined;
  /** The tensors of a row of values. */
  readonly make: (values: readonly unknown[]) => Promise<ItemInputs>;
}

/**
 * The values of a row as players, or of more than 256 some in a row as one: where one is left out, the baseline's values
 * are there. Throws 413 where they are more than 262,144.
 *
 * Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017, section 3.2: what is missing
 * is drawn from a sample of rows, as if features did not depend on one another.
 */
export function cellPlayers(cells: readonly Cell[], { baseline, words, make }: CellOptions): Players {
  if (cells.length > mostValues)
    throw new ServiceError(
      413,
      `the row has ${cells.length} values, more than the ${mostValues} that are left out in turns; integrated-gradients takes any number, of a model that has gradients`,
    );
  const given = baseline.length === 1 ? 'the row that was given' : `${baseline.length} rows that were given`;
  const values = cells.map(({ value }) => value);
  const varies = cells.map((cell, at) => baseline.some((row) => !isSame(cell, row[at])));
  const groups = groupsOf([...cells.keys()]);
  const isAlone = groups.length === cells.length;
  /** Of each cell, the player that it belongs to. */
  const players = groups.flatMap((places, player) => places.map(() => player));
  // Floats may be drawn.
  const areFloats = isAlone && cells.every(({ datatype }) => datatype === 'FP32' || datatype === 'FP64');
  const numbers = areFloats ? numbersOf(values as readonly number[], baseline, make) : undefined;
  return {
    count: groups.length,
    baseline: words ?? given,
    rows: baseline.length,
    varies: groups.map((places) => places.some((at) => varies[at])),
    shown: groups.map((places) => {
      const [at, end] = [places[0], places.at(-1)] as [number, number];
      const [first, last] = [cells[at], cells[end]] as [Cell, Cell];
      if (!isAlone) return { feature: namesOf(first, last) };
      const only = baseline.length === 1 && { baseline: shownValue({ ...first, value: baseline[0]?.[at] }) };
      return { feature: first.name, value: shownValue(first), ...only };
    }),
    inputs: (present) => {
      const rows = present.every((each) => each === 1) ? [values] : baseline;
      const isThere = (at: number) => present[players[at] as number] === 1;
      return Promise.all(rows.map((row) => make(row.map((value, at) => (isThere(at) ? values[at] : value)))));
    },
    ...(numbers && { numbers }),
  };
}

function namesOf(first: Cell, last: Cell): string {
  return first === last ? first.name : `${first.name} to ${last.name}`;
}

/** As the model takes it. */
function isSame({ value, datatype }: Cell, other: unknown): boolean {
  if (typeof value === 'bigint') return value === other || Number(value) === other;
  return datatype === 'FP32' ? Math.fround(value as number) === Math.fround(other as number) : value === other;
}

function shownValue({ value, datatype }: Cell): unknown {
  if (typeof value === 'bigint') return Number(value);
  return datatype === 'FP32' ? shortNumber(value as number) : value;
}

function numbersOf(
  values: readonly number[],
  baseline: readonly (readonly unknown[])[],
  make: CellOptions['make'],
): NumberPlayers | undefined {
  if (baseline.length < 2) return undefined;
  const columns = values.map((_value, at) => baseline.map((row) => Number(row[at])));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviations = columns.map((column, at) => {
    const squares = column.reduce((sum, value) => sum + (value - (means[at] as number)) ** 2, 0);
    // What never changes has no measure but its own.
    return Math.sqrt(squares / column.length) || 1;
  });
  return { values, means, deviations, at: make };
}
