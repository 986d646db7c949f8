import { printTable } from './print-table.ts';
import { timeText } from './time-text.ts';

/** A job as `/v1/jobs` answers it, as far as it is needed here. */
export interface JobAnswer {
  readonly id: string;
  readonly kind: string;
  readonly model: string;
  readonly source: unknown;
  readonly status: string;
  readonly created_at: number;
  readonly finished_at: number | null;
  readonly progress: string | null;
  readonly versions: readonly { readonly model: string; readonly version: string }[];
  readonly error: { readonly message: string } | null;
  /** What its command told at the end, as JSON. */
  readonly result: unknown;
}

/** Prints jobs, a line each. */
export function printJobs(jobs: readonly JobAnswer[]): void {
  printTable(
    ['ID', 'KIND', 'MODEL', 'STATUS', 'ASKED', 'MADE', 'LAST'],
    jobs.map(({ id, kind, model, status, created_at: asked, versions, error, progress }) => [
      id,
      kind,
      model,
      status,
      timeText(new Date(asked * 1000)),
      versions.map((made) => `${made.model}@${made.version}`).join(', '),
      (error?.message ?? progress ?? '').split('\n', 1)[0]?.slice(0, 100) ?? '',
    ]),
  );
}
