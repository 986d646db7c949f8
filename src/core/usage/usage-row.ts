/** What a caller has used of a version of a model. */
export interface UsageRow {
  /** Name of the key or principal; empty where nobody was asked for one, or the call came from nobody who is known. */
  readonly caller: string;
  /** Empty for calls that came to no model. */
  readonly model: string;
  readonly version: string;
  /** Calls that were answered by the model. */
  requests: number;
  /** Calls that failed, on whatever. */
  failed: number;
  /** Rows, texts or pictures. */
  items: number;
  inputTokens: number;
  outputTokens: number;
  bytesIn: number;
  bytesOut: number;
  /** Worked on, without waiting for a turn or a load. */
  ms: number;
  gbSeconds: number;
}

/** The counters of a row. */
export const usageCounters = [
  'requests',
  'failed',
  'items',
  'inputTokens',
  'outputTokens',
  'bytesIn',
  'bytesOut',
  'ms',
  'gbSeconds',
] as const satisfies readonly (keyof UsageRow)[];
