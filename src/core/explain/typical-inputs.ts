import { parseSamples } from '../releases/parse-samples.ts';
import type { Sample } from '../releases/sample.ts';
import type { TaskColumn } from '../tasks/step.ts';
import { columnSpans } from './column-spans.ts';

/** What inputs of a model usually are. */
export interface TypicalInputs {
  /** Of each input of which samples are as long as each other, a value for each element. */
  readonly values: ReadonlyMap<string, readonly unknown[]>;
  /** Where they are from. */
  readonly words: string;
}

/**
 * The middle of each element of the inputs over a version's samples; of texts that which is there most, also where
 * numbers stand for them. Undefined where the samples do not hold: whoever put them there by hand hears of it where
 * they are asked for.
 *
 * @param columns of the task, that fill the inputs
 */
export function typicalInputs(text: string, columns: readonly TaskColumn[] = []): TypicalInputs | undefined {
  const samples = samplesIn(text);
  if (!samples) return undefined;
  const names = Object.keys(samples[0]?.inputs ?? {});
  const values = new Map<string, readonly unknown[]>();
  for (const name of names) {
    const rows = samples.map(({ inputs }) => [inputs[name]].flat(Number.POSITIVE_INFINITY) as unknown[]);
    const [first = []] = rows;
    if (rows.some((row) => row.length !== first.length)) continue;
    const middles = first.map((_value, at) => middleOf(rows.map((row) => row[at])));
    for (const { column, from, to } of columnSpans(columns, name, first.length) ?? [])
      if (column.texts) middles.splice(from, to - from, ...commonest(rows.map((row) => row.slice(from, to))));
    values.set(name, middles);
  }
  return { values, words: `the middle of each value in the ${samples.length} samples of the version` };
}

function samplesIn(text: string): readonly Sample[] | undefined {
  try {
    return parseSamples(text);
  } catch {
    return undefined;
  }
}

/**
 * Of an even number the mean of the two in the middle; where all are whole the lower one, so that what is 0 or 1 is never
 * a half.
 */
function middleOf(values: readonly unknown[]): unknown {
  if (!values.every((value): value is number => typeof value === 'number')) return commonest(values);
  const sorted = values.toSorted((one, other) => one - other);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return values.every(Number.isInteger) ? lower : ((lower as number) + (upper as number)) / 2;
}

/** The first of those that are there most, as JSON has them. */
function commonest<T>(values: readonly T[]): T {
  const counts = new Map<string, number>();
  for (const text of values.map((value) => JSON.stringify(value))) counts.set(text, (counts.get(text) ?? 0) + 1);
  return JSON.parse([...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0]) as T;
}
