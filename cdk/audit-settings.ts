/** What is kept of who changed what, and who called. Changes are always kept. */
export interface AuditSettings {
  /**
   * Calls that have a line: those that were denied, all, or none. All cost a write to S3 each on Lambda. @default
   * 'denied'
   */
  readonly calls?: 'denied' | 'all' | 'off';
  /** With calls 'all': the share of the calls whose inputs are kept, such as 0.01. @default 0 */
  readonly bodies?: number;
  /** Days that these inputs are kept. @default 30 */
  readonly bodyDays?: number;
  /** Days that lines of calls are kept. @default for ever */
  readonly callDays?: number;
  /**
   * Days for which nobody can delete or change a copy of the log, under S3 Object Lock in a bucket of its own. @default
   * none: no copy
   */
  readonly lockDays?: number;
  /** Whether those with the right to may lift the lock, or nobody. @default 'governance' */
  readonly lockMode?: 'governance' | 'compliance';
}
