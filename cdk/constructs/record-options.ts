/** What is kept of calls. */
export interface RecordOptions {
  /** Calls that have a line in the audit log. @default 'denied' */
  readonly calls?: 'denied' | 'all' | 'off' | undefined;
  /** Share of these calls whose inputs are kept. @default 0 */
  readonly bodies?: number | undefined;
  /** Seconds between two times that an environment of a function writes what was used. @default 10 */
  readonly usageSeconds?: number | undefined;
}
