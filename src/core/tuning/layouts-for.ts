import type { TunableSettings } from './tunable-settings.ts';

type Layout = Omit<TunableSettings, 'maxBatchSize'>;

/**
 * Threads of a run, and runs at once, that keep so many processors busy: from many runs of one thread to one of many
 * threads.
 */
export function layoutsFor(processors: number): readonly Layout[] {
  const layouts: Layout[] = [];
  for (let threads = 1; threads < processors; threads *= 2) {
    layouts.push({ intraOpThreads: threads, runsAtOnce: Math.floor(processors / threads) });
  }
  return [...layouts, { intraOpThreads: processors, runsAtOnce: 1 }];
}
