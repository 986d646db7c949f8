import { featureLabel } from '../../core/drift/feature-label.ts';
import { leastRows } from '../../core/drift/least-rows.ts';
import type { ObservedRun } from '../../core/drift/observed-run.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { SharedWork } from '../../core/shared-work.ts';
import { utcDay } from '../../core/utc-day.ts';
import type { ServiceLog } from '../service-log.ts';
import type { DriftFiles } from './drift-files.ts';
import { type DriftReading, WatchedVersion } from './watched-version.ts';

export interface DriftMonitorOptions {
  readonly files: DriftFiles;
  /** Names the objects of this host. */
  readonly host: string;
  readonly log: ServiceLog;
  readonly now?: () => Date;
  /** From 0 to 1, each time anew: which runs are looked at. */
  readonly random?: () => number;
}

// More are more than a host serves.
const mostVersions = 1000;

/** Watches how the inputs and outputs of models are spread, of those whose settings want that. */
export class DriftMonitor {
  readonly #options: Required<DriftMonitorOptions>;
  readonly #watched = new Map<string, WatchedVersion>();
  #day = { at: 0, name: '' };
  readonly #flushing = new SharedWork(() => this.#flush());
  #isFailing = false;

  constructor(options: DriftMonitorOptions) {
    this.#options = { now: () => new Date(), random: Math.random, ...options };
  }

  /** Takes in a run; of little of it, and never fails. */
  observe({ name, version, config: { drift } }: ModelVersion, run: ObservedRun): void {
    if (!drift || (drift.share < 1 && this.#options.random() >= drift.share)) return;
    try {
      const key = `${name}/${version}`;
      const watched = this.#watched.get(key) ?? this.#watch(key, name, version, drift.baselineRows);
      watched?.add(run);
      if (watched?.isBaselineFull && !this.#isFailing) void this.flush();
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Reads what baselines there are, and writes what was counted. Never rejects: what cannot be written waits, and the
   * log says so once.
   */
  flush(): Promise<void> {
    return this.#flushing.run();
  }

  /** How each version has moved today, as this host sees it. */
  get readings(): readonly DriftReading[] {
    return [...this.#watched.values()].map(({ reading }) => reading).filter((reading) => reading !== undefined);
  }

  async #flush(): Promise<void> {
    try {
      for (const watched of this.#watched.values()) await watched.refresh();
      this.#isFailing = false;
    } catch (error) {
      this.#fail(error);
    }
    for (const { model, version, rows, features } of this.readings) {
      const [farthest] = features;
      if (!farthest || rows < leastRows) continue;
      const { psi, js, ks } = farthest;
      const figures = { psi: rounded(psi), js: rounded(js), ...(ks && { ks: rounded(ks.distance) }) };
      this.#options.log.info({ model, version, rows, feature: featureLabel(farthest.feature), ...figures }, 'drift');
    }
  }

  #watch(key: string, model: string, version: number, baselineRows: number): WatchedVersion | undefined {
    if (this.#watched.size >= mostVersions) return undefined;
    const { files, host } = this.#options;
    const watched = new WatchedVersion({ files, model, version, baselineRows, host, today: () => this.#today() });
    this.#watched.set(key, watched);
    // Whether there is a baseline is asked at once: nothing counts before.
    void (this.#flushing.underWay ?? Promise.resolve()).then(() => this.flush());
    return watched;
  }

  /** To write the day anew with each run would take longer than to count. */
  #today(): string {
    const now = this.#options.now();
    const at = Math.floor(now.getTime() / 86_400_000);
    if (at !== this.#day.at) this.#day = { at, name: utcDay(now) };
    return this.#day.name;
  }

  #fail(error: unknown): void {
    if (!this.#isFailing) this.#options.log.warn({ err: error }, 'drift cannot be watched; it is tried again');
    this.#isFailing = true;
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
