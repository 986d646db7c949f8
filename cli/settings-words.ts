import type { TunableSettings } from '../src/core/tuning/tunable-settings.ts';

/** What settings say, in words. */
export function settingsWords({ intraOpThreads, runsAtOnce, maxBatchSize }: TunableSettings): string {
  return [
    `threads ${intraOpThreads || 'auto'}`,
    `runs at once ${runsAtOnce || 'auto'}`,
    `batches of ${maxBatchSize || 'auto'}`,
  ].join(', ');
}
