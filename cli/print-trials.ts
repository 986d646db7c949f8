import type { LoadPoint } from '../src/core/tuning/load-point.ts';
import type { Trial } from '../src/core/tuning/trial.ts';
import { printTable } from './print-table.ts';

const head = ['THREADS', 'RUNS', 'BATCH', 'CALLERS', 'REQUESTS/S', 'MEDIAN', 'P99'];

/** Prints what each trial came to, then all that was measured with the best. */
export function printTrials(trials: readonly Trial[], best: Trial): void {
  printTable(
    [...head, ''],
    trials.map((trial) => [...row(trial, shown(trial)), remark(trial, trials, best)]),
  );
  console.log();
  printTable(
    head,
    best.points.map((point) => row(best, point)),
  );
}

/** Its best point or, where none meets the goal, the quickest. */
function shown({ best, points }: Trial): LoadPoint {
  return best ?? points.reduce((quickest, point) => (point.p99Ms < quickest.p99Ms ? point : quickest));
}

function row({ settings }: Trial, { callers, perSecond, medianMs, p99Ms }: LoadPoint): readonly string[] {
  const { intraOpThreads, runsAtOnce, maxBatchSize } = settings;
  return [
    ...[intraOpThreads, runsAtOnce, maxBatchSize].map((value) => (value === 0 ? 'auto' : String(value))),
    String(callers),
    perSecond.toFixed(1),
    `${medianMs.toFixed(2)} ms`,
    `${p99Ms.toFixed(2)} ms`,
  ];
}

function remark(trial: Trial, [present]: readonly Trial[], best: Trial): string {
  return [
    ...(trial === present ? ['as it is'] : []),
    ...(trial === best && trial.best ? ['best'] : []),
    // What seemed best had to prove it: it is the second time that is told.
    ...(trial !== present && trial === best ? ['measured again'] : []),
    ...(trial.best ? [] : ['misses the goal']),
  ].join(', ');
}
