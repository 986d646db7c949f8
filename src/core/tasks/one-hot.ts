import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';
import { categoryField } from './category-field.ts';
import { checkValueCount } from './check-value-count.ts';
import type { Features } from './flow.ts';

type Named = Readonly<Record<string, unknown>>;

/** Columns of texts as numbers: one for each text that there is, 1 for the column's own and 0 for the others. */
export class OneHot {
  readonly #categories: ReadonlyMap<string, readonly string[]>;

  /** Throws an Error for a column that fills no input. */
  constructor(categories: Readonly<Record<string, readonly string[]>>, columns: readonly string[]) {
    this.#categories = new Map(Object.entries(categories));
    const unused = Object.keys(categories).find((column) => !columns.includes(column));
    if (unused !== undefined)
      throw new Error(`step columns: oneHot has the column '${unused}', which fills no input; say which: 'inputs'`);
  }

  /** Whether there are any. */
  get some(): boolean {
    return this.#categories.size > 0;
  }

  /** The fields that columns become. */
  fields(columns: readonly string[]): readonly string[] {
    return columns.flatMap(
      (column) => this.#categories.get(column)?.map((text) => categoryField(column, text)) ?? column,
    );
  }

  /** Columns with the fields that they become. Throws 400 for a text that there is not. */
  expand(features: Named): Named {
    const fields: [string, number][] = [];
    for (const [column, texts] of this.#categories) {
      const given = features[column];
      if (given === undefined) throw new ServiceError(400, `the record has no field '${column}'`);
      if (!texts.includes(given as string)) throw strange(column, texts, given);
      for (const text of texts) fields.push([categoryField(column, text), text === given ? 1 : 0]);
    }
    return { ...features, ...Object.fromEntries(fields) };
  }

  /** Values in the order of their columns by name. Throws 400 where there are not as many. */
  named(values: Extract<Features, readonly unknown[]>, columns: readonly string[]): Named {
    checkValueCount(values, columns);
    return Object.fromEntries(columns.map((name, index) => [name, values[index]]));
  }
}

function strange(column: string, texts: readonly string[], given: unknown): ServiceError {
  const known = texts.map((text) => `'${text}'`).join(', ');
  return new ServiceError(400, `column '${column}': expected one of ${known.slice(0, 500)}, got ${shownJson(given)}`);
}
