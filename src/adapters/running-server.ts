import type { DataPlane } from '../core/data-plane.ts';

export interface RunningServer {
  readonly url: string;
  /** Address and port of gRPC. */
  readonly grpcAddress?: string;
  readonly dataPlane: DataPlane;
  /** Stops accepting, answers what is in flight, within `graceMs`. */
  close(graceMs: number): Promise<void>;
  /** Writes down what was counted, and waits for nothing else: the process is to end, whatever is under way. */
  endAtOnce(): Promise<void>;
}
