import { randomUUID } from 'node:crypto';
import { BaselineRows } from '../../core/drift/baseline-rows.ts';
import { driftOf } from '../../core/drift/drift-of.ts';
import { DriftSketch } from '../../core/drift/drift-sketch.ts';
import type { FeatureDrift } from '../../core/drift/feature-drift.ts';
import type { ObservedRun } from '../../core/drift/observed-run.ts';
import type { DriftFiles, StoredBaseline } from './drift-files.ts';

export interface WatchedVersionOptions {
  readonly files: DriftFiles;
  readonly model: string;
  readonly version: number;
  /** Rows that make a baseline where there is none. */
  readonly baselineRows: number;
  readonly host: string;
  /** The day, as `2026-11-29`, of UTC. */
  readonly today: () => string;
}

/** How a version has moved on this day, as this host sees it. */
export interface DriftReading {
  readonly model: string;
  readonly version: number;
  readonly rows: number;
  /** The farthest first. */
  readonly features: readonly FeatureDrift[];
}

/**
 * A version whose inputs and outputs are watched: gathers a baseline where there is none, then counts in its bins, by
 * days.
 */
export class WatchedVersion {
  readonly #options: WatchedVersionOptions;
  #gathering: BaselineRows | undefined;
  #stored: StoredBaseline | undefined;
  #sketches = new Map<string, DriftSketch>();
  readonly #written = new Map<DriftSketch, number>();

  constructor(options: WatchedVersionOptions) {
    this.#options = options;
  }

  /** Takes in a run. What comes before it is known whether there is a baseline counts for nothing. */
  add(run: ObservedRun): void {
    if (this.#stored) this.#sketch(this.#stored).add(run);
    else if (this.#gathering && !this.#gathering.isFull) this.#gathering.add(run);
  }

  /** Whether there is something to do before the next `refresh` is due anyway. */
  get isBaselineFull(): boolean {
    return this.#gathering?.isFull ?? false;
  }

  /**
   * Takes in the baseline that there is by now, stores the one that was gathered, and what was counted. Rejects where
   * that cannot be done.
   */
  async refresh(): Promise<void> {
    const { files, model, version } = this.#options;
    const file = await files.baselineFile(model, version);
    if (file !== undefined && file !== this.#stored?.file) await this.#take();
    if (file === undefined) await this.#gather();
    await this.#write();
  }

  /** Undefined where nothing was counted today. */
  get reading(): DriftReading | undefined {
    const { model, version, today } = this.#options;
    const sketch = this.#sketches.get(today());
    return sketch && { model, version, rows: sketch.rows, features: driftOf(sketch.baseline, sketch.sketch) };
  }

  async #take(): Promise<void> {
    this.#stored = await this.#options.files.baseline(this.#options.model, this.#options.version);
    this.#sketches = new Map();
    this.#gathering = undefined;
  }

  async #gather(): Promise<void> {
    const { files, model, version, baselineRows } = this.#options;
    this.#stored = undefined;
    this.#gathering ??= new BaselineRows(baselineRows);
    if (!this.#gathering.isFull) return;
    const about = { id: randomUUID(), model, version, madeAt: new Date().toISOString(), from: 'requests' };
    // Of hosts that have theirs at once, the first one's counts.
    await files.create(this.#gathering.baseline(about));
    await this.#take();
  }

  async #write(): Promise<void> {
    const { files, host, today } = this.#options;
    for (const [day, sketch] of this.#sketches) {
      const { rows } = sketch;
      if (this.#written.get(sketch) !== rows) await files.putSketch(sketch.baseline, day, host, sketch.sketch);
      this.#written.set(sketch, rows);
      if (day === today()) continue;
      this.#sketches.delete(day);
      this.#written.delete(sketch);
    }
  }

  #sketch({ baseline }: StoredBaseline): DriftSketch {
    const day = this.#options.today();
    const known = this.#sketches.get(day);
    if (known) return known;
    const made = new DriftSketch(baseline);
    this.#sketches.set(day, made);
    return made;
  }
}
