import type { DataPlane } from '../../core/data-plane.ts';

/** What metrics are read from. */
export interface MetricsSource {
  readonly dataPlane: DataPlane;
  /** Bytes of model files that may be kept loaded. */
  readonly memoryBudget: number;
  readonly http: {
    /** How many answers there were of each status. */
    readonly answers: ReadonlyMap<number, number>;
    /** Requests that have arrived whole, and are not answered. */
    inHand(): number;
  };
}
