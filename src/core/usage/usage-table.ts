import { type UsageRow, usageCounters } from './usage-row.ts';

/** What callers that are too many to tell apart are together. */
export const otherCallers = '(others)';

const separator = '\n';

/**
 * Rows of usage by caller, model and version. Of more than `mostRows` the rest are one row for each caller, or one for
 * all.
 */
export class UsageTable {
  readonly #rows = new Map<string, UsageRow>();
  readonly #mostRows: number;

  constructor(mostRows = 10_000) {
    this.#mostRows = mostRows;
  }

  get rows(): readonly UsageRow[] {
    return [...this.#rows.values()];
  }

  /** The row to count in. */
  row(caller: string, model: string, version: string): UsageRow {
    const key = `${caller}${separator}${model}${separator}${version}`;
    const known = this.#rows.get(key);
    if (known) return known;
    // Names of callers and versions are the operator's own; of a million of them one row is enough.
    if (this.#rows.size >= this.#mostRows && caller !== otherCallers) return this.row(otherCallers, '', '');
    const row: UsageRow = {
      caller,
      model,
      version,
      requests: 0,
      failed: 0,
      items: 0,
      inputTokens: 0,
      outputTokens: 0,
      bytesIn: 0,
      bytesOut: 0,
      ms: 0,
      gbSeconds: 0,
    };
    this.#rows.set(key, row);
    return row;
  }

  /** Adds counters of another row to the one of its caller, model and version. */
  add({ caller, model, version, ...counters }: UsageRow): void {
    const row = this.row(caller, model, version);
    for (const name of usageCounters) row[name] += counters[name];
  }
}
