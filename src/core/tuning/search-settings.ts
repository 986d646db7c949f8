import { climb } from './climb.ts';
import { isBetter } from './is-better.ts';
import type { LoadPoint } from './load-point.ts';
import type { Trial } from './trial.ts';
import type { TunableSettings } from './tunable-settings.ts';

/** A model that was opened with settings. */
export interface OpenedTrial {
  measure(callers: number): Promise<LoadPoint>;
  close(): Promise<void>;
}

export interface Search {
  /** The model's settings as they are: what wins nothing over them is not chosen. */
  readonly present: TunableSettings;
  /** Threads of a run, and runs at once, that the machine has processors for. */
  readonly layouts: readonly Omit<TunableSettings, 'maxBatchSize'>[];
  /** Rows of a run; empty where requests cannot share runs. */
  readonly batchSizes: readonly number[];
  /** What 99 of 100 requests may take. */
  readonly goalMs: number;
  open(settings: TunableSettings): Promise<OpenedTrial>;
  /** Whether the time for measurements has passed. */
  isOver(): boolean;
  /** Hears of each trial. */
  onTrial(trial: Trial): void;
}

/**
 * Looks for the settings that answer the most requests a second within a latency goal: first the best layout of threads
 * and runs, then the best batch size with it, then the other layouts with that size. What is best must prove so a
 * second time.
 *
 * Returns the trials in their order, the settings as they are first, and the best of them; the first is made in any
 * case. Batch sizes that were not tried, as time was up, are told.
 */
export async function searchSettings(search: Search): Promise<{
  readonly trials: readonly Trial[];
  readonly best: Trial;
  readonly untriedSizes: readonly number[];
}> {
  const { present, layouts, batchSizes } = search;
  const first = await tryOut(search, present);
  const trials = [first];
  let best = first;
  const take = async (settings: TunableSettings) => {
    if (search.isOver() || trials.some((trial) => isSame(trial.settings, settings))) return;
    const trial = await tryOut(search, settings);
    trials.push(trial);
    if (isBetter(trial, best)) best = trial;
  };
  for (const layout of layouts) await take({ ...layout, maxBatchSize: present.maxBatchSize });
  const layout = best.settings;
  for (const maxBatchSize of batchSizes) await take({ ...layout, maxBatchSize });
  const untriedSizes = batchSizes.filter(
    (size) => !trials.some(({ settings }) => isSame(settings, { ...layout, maxBatchSize: size })),
  );
  const { maxBatchSize } = best.settings;
  for (const other of layouts) await take({ ...other, maxBatchSize });
  const found = best === first ? { trials, best } : await confirm(search, trials, best);
  return { ...found, untriedSizes };
}

/**
 * Tries the settings as they are, and the best, a second time, whatever time it is: of so many trials one may be the
 * best by luck.
 */
async function confirm(search: Search, trials: readonly Trial[], best: Trial) {
  const toTheEnd = { ...search, isOver: () => false };
  const present = await tryOut(toTheEnd, search.present);
  const again = await tryOut(toTheEnd, best.settings);
  const isConfirmed = isBetter(again, present);
  const seconds = new Map([
    [trials[0], present],
    [best, again],
  ]);
  return { trials: trials.map((trial) => seconds.get(trial) ?? trial), best: isConfirmed ? again : present };
}

async function tryOut({ open, goalMs, isOver, onTrial }: Search, settings: TunableSettings): Promise<Trial> {
  const opened = await open(settings);
  try {
    const trial = { settings, ...(await climb((callers) => opened.measure(callers), goalMs, isOver)) };
    onTrial(trial);
    return trial;
  } finally {
    await opened.close();
  }
}

function isSame(one: TunableSettings, other: TunableSettings): boolean {
  return (
    one.intraOpThreads === other.intraOpThreads &&
    one.runsAtOnce === other.runsAtOnce &&
    one.maxBatchSize === other.maxBatchSize
  );
}
