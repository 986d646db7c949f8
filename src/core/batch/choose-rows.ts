import type { Clock } from '../../ports/clock.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import type { WindowOptions } from './infer-window.ts';
import { runRecords } from './run-records.ts';

const step = 4;
const candidates = [1, step, step ** 2, step ** 3];
/** The first of a size is slower: its memory is set up. */
const leastTrials = 2;
const mostTrials = 3;
/** Runs that took so long together tell enough. */
const enoughMs = 60;
/** A run that takes longer gains nothing more by being larger, and holds more memory. */
const longEnoughMs = 250;
/**
 * Longer runs are worth as much where they are no faster, within what trials differ by: fewer have to be handed to a
 * thread.
 */
const asFast = 0.95;

/** How many records a run takes, and how many of them are done in a second, one run at a time. */
export interface ChosenRows {
  readonly rows: number;
  readonly recordsPerSecond: number;
}

/**
 * How many records like `record` a run should take, up to `mostRows`, by trying: the number that does most of them in a
 * second.
 */
export async function chooseRows(
  record: DecodedRecord,
  { specs, run }: Pick<WindowOptions, 'specs' | 'run'>,
  clock: Clock,
  mostRows: number,
): Promise<ChosenRows> {
  let best: ChosenRows = { rows: 1, recordsPerSecond: 0 };
  let expectedMs = 0;
  for (const rows of candidates.filter((each) => each <= mostRows)) {
    if (expectedMs > longEnoughMs) return best;
    const records = Array.from({ length: rows }, () => record);
    let leastMs = Number.POSITIVE_INFINITY;
    let triedMs = 0;
    for (let trial = 0; trial < leastTrials || (trial < mostTrials && triedMs < enoughMs); trial += 1) {
      const started = clock.now();
      const outcomes = await runRecords(specs, records, run);
      if (outcomes.some((outcome) => 'error' in outcome || outcome.rows !== rows)) return best;
      const ms = clock.now() - started;
      leastMs = Math.min(leastMs, ms);
      triedMs += ms;
    }
    const recordsPerSecond = (rows * 1000) / Math.max(leastMs, 0.001);
    if (recordsPerSecond > best.recordsPerSecond * asFast) best = { rows, recordsPerSecond };
    expectedMs = leastMs * step;
  }
  return best;
}
