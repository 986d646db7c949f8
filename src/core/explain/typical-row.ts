import type { TaskColumn } from '../tasks/step.ts';
import { columnSpans } from './column-spans.ts';
import type { TypicalInputs } from './typical-inputs.ts';

/**
 * What columns usually have, in their order, by what the inputs that they fill do. Undefined where that is not known of
 * an input, or a column fills several that do not have the same.
 */
export function typicalRow(columns: readonly TaskColumn[], { values }: TypicalInputs): readonly unknown[] | undefined {
  const row = new Map<string, readonly unknown[]>();
  for (const input of new Set(columns.map((column) => column.input))) {
    const usual = values.get(input);
    const spans = usual && columnSpans(columns, input, usual.length);
    if (!spans) return undefined;
    for (const { column, from, to } of spans) {
      const own = usual.slice(from, to);
      const found = column.texts ? [column.texts[own.indexOf(1)]] : own;
      if (JSON.stringify(row.get(column.name) ?? found) !== JSON.stringify(found)) return undefined;
      row.set(column.name, found);
    }
  }
  return [...row.values()].flat();
}
