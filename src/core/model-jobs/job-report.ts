/** How a job ended: what `report.json` among its files holds. */
export interface JobReport extends JobEnding {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
}

export interface JobEnding {
  /** `refused`: the gate let nothing pass, and nothing was stored. */
  readonly status: 'completed' | 'refused' | 'failed' | 'cancelled';
  /** Why it did not complete. */
  readonly reason?: string;
  /** It did not end by itself: someone has to look into it. */
  readonly isFault?: true;
  /** The versions that it stored: candidates, to which no alias leads. */
  readonly versions: readonly MadeVersion[];
  /** What the command tells with `--json`; absent where it told nothing. */
  readonly result?: unknown;
}

export interface MadeVersion {
  readonly model: string;
  readonly version: string;
}
