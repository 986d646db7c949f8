/** Which job a request began. */
export interface Claim {
  readonly id: string;
  /** When the request came, in milliseconds since 1970. */
  readonly atMs: number;
  readonly isRetry: boolean;
}
