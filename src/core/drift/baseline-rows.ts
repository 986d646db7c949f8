import type { Baseline, BaselineFeature } from './baseline.ts';
import { driftLimits } from './drift-limits.ts';
import type { Feature } from './feature.ts';
import { type ObservedRun, readersOf } from './observed-run.ts';
import { rowPlaces } from './row-places.ts';
import { spreadOf } from './spread-of.ts';

interface Column {
  readonly feature: Feature;
  readonly values: (number | string)[];
}

/** Gathers the rows that a baseline is made of: so many at most, of features that the first of them has. */
export class BaselineRows {
  readonly #most: number;
  readonly #columns: Column[] = [];
  #rows = 0;

  constructor(mostRows: number) {
    this.#most = mostRows;
  }

  get isFull(): boolean {
    return this.#rows >= this.#most;
  }

  get rows(): number {
    return this.#rows;
  }

  /** @param all whether every row is taken, and not a few of them */
  add(run: ObservedRun, all = false): void {
    const first = this.#columns.length === 0;
    let rows = 0;
    for (const side of ['input', 'output'] as const) {
      for (const [tensor, reader] of readersOf(run, side)) {
        if (first) for (const part of reader.parts(side)) this.#add({ side, tensor, part });
        const places = all ? Array.from({ length: reader.rows }, (_, row) => row) : rowPlaces(reader.rows);
        rows = Math.max(rows, places.length);
        const parts = new Set(reader.parts(side));
        for (const { feature, values } of this.#columns) {
          if (feature.side !== side || feature.tensor !== tensor || !parts.has(feature.part)) continue;
          for (const row of places) if (values.length < this.#most) values.push(reader.value(row, feature.part));
        }
      }
    }
    this.#rows += rows;
  }

  baseline(about: Omit<Baseline, 'rows' | 'features'>): Baseline {
    const features = this.#columns.flatMap(({ feature, values }): BaselineFeature[] => {
      const spread = spreadOf(values);
      // Of texts that are too many to be counted each, only the length is looked at.
      const isText = feature.part === 'text' && !('values' in spread);
      return values.length === 0 || isText ? [] : [{ ...feature, ...spread }];
    });
    return { ...about, rows: Math.min(this.#rows, this.#most), features };
  }

  #add(feature: Feature): void {
    if (this.#columns.length < driftLimits.features) this.#columns.push({ feature, values: [] });
  }
}
