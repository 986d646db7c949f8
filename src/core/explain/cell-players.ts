import { ServiceError } from '../../protocol/service-error.ts';
import type { ItemInputs } from '../tasks/flow.ts';
import { shortNumber } from '../tasks/short-number.ts';
import type { Cell } from './cell.ts';
import type { NumberPlayers, Players } from './players.ts';

/** Values that an answer is shared out among at most. */
const mostPlayers = 256;

export interface CellOptions {
  /** Rows that stand for what is left out, each with a value for each cell. */
  readonly baseline: readonly (readonly unknown[])[];
  /** What they are, in words. @default rows that were given */
  readonly words: string | undefined;
  /** The tensors of a row of values. */
  readonly make: (values: readonly unknown[]) => Promise<ItemInputs>;
}

/**
 * The values of a row as players: one that is left out has the value of the baseline. Throws 400 where there are too
 * many.
 *
 * Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017, section 3.2: what is missing
 * is drawn from a sample of rows, as if features did not depend on one another.
 */
export function cellPlayers(cells: readonly Cell[], { baseline, words, make }: CellOptions): Players {
  if (cells.length > mostPlayers)
    throw new ServiceError(
      400,
      `the row has ${cells.length} values, more than the ${mostPlayers} that an answer is shared out among; a task for pictures or sounds in model.json groups them, and the method integrated-gradients takes any number`,
    );
  const given = baseline.length === 1 ? 'the row that was given' : `${baseline.length} rows that were given`;
  const values = cells.map(({ value }) => value);
  // Floats may be drawn.
  const areFloats = cells.every(({ datatype }) => datatype === 'FP32' || datatype === 'FP64');
  const numbers = areFloats ? numbersOf(values as readonly number[], baseline, make) : undefined;
  return {
    count: cells.length,
    baseline: words ?? given,
    rows: baseline.length,
    varies: cells.map((cell, at) => baseline.some((row) => !isSame(cell, row[at]))),
    shown: cells.map((cell) => ({ feature: cell.name, value: shownValue(cell) })),
    inputs: (present) => {
      const rows = present.every((each) => each === 1) ? [values] : baseline;
      return Promise.all(rows.map((row) => make(row.map((value, at) => (present[at] === 1 ? values[at] : value)))));
    },
    ...(numbers && { numbers }),
  };
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
