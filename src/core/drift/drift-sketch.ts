import type { Baseline, BaselineFeature } from './baseline.ts';
import { binOf } from './bin-of.ts';
import { type ObservedRun, readersOf } from './observed-run.ts';
import { rowPlaces } from './row-places.ts';
import type { Sketch } from './sketch.ts';

interface Counted {
  readonly feature: BaselineFeature;
  readonly counts: number[];
}

/** Counts rows of runs in the bins of a baseline: as much memory as that has, however many there are. */
export class DriftSketch {
  readonly baseline: Baseline;
  readonly #counted: readonly Counted[];
  /** By side and tensor. */
  readonly #byTensor: ReadonlyMap<string, readonly Counted[]>;
  #rows = 0;

  constructor(baseline: Baseline) {
    this.baseline = baseline;
    this.#counted = baseline.features.map((feature) => ({ feature, counts: feature.counts.map(() => 0) }));
    this.#byTensor = Map.groupBy(this.#counted, ({ feature: { side, tensor } }) => `${side} ${tensor}`);
  }

  add(run: ObservedRun): void {
    let rows = 0;
    for (const side of ['input', 'output'] as const) {
      for (const [tensor, reader] of readersOf(run, side)) {
        const counted = this.#byTensor.get(`${side} ${tensor}`);
        if (!counted || reader.size === 0) continue;
        const places = rowPlaces(reader.rows);
        rows = Math.max(rows, places.length);
        for (const { feature, counts } of counted) {
          // A row may be shorter than those of the baseline.
          if (typeof feature.part === 'number' && feature.part >= reader.size) continue;
          for (const row of places) {
            const bin = binOf(feature, reader.value(row, feature.part));
            counts[bin] = (counts[bin] as number) + 1;
          }
        }
      }
    }
    this.#rows += rows;
  }

  get rows(): number {
    return this.#rows;
  }

  /** What was counted up to now. */
  get sketch(): Sketch {
    return {
      baseline: this.baseline.id,
      rows: this.#rows,
      counts: this.#counted.map(({ counts }) => [...counts]),
    };
  }
}
