import type { DataPlane } from '../../core/data-plane.ts';
import type { DriftReading } from '../drift/watched-version.ts';

/** What metrics are read from. */
export interface MetricsSource {
  readonly dataPlane: DataPlane;
  /** Bytes of model files that may be kept loaded. */
  readonly memoryBudget: number;
  /** How many answers there were of each status, over HTTP and over gRPC. */
  readonly answers: Readonly<Record<'http' | 'grpc', ReadonlyMap<number, number>>>;
  /** How inputs and outputs of models have moved. */
  readonly drift: () => readonly DriftReading[];
  /** Requests that have arrived whole, and are not answered. */
  inHand(): number;
}
