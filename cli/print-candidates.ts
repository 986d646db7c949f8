import type { CandidateTrial } from '../src/core/factory/candidate-trial.ts';
import { onFront } from '../src/core/factory/on-front.ts';
import { timeRatio } from '../src/core/factory/time-ratio.ts';
import { median } from '../src/core/releases/median.ts';
import { bytesText } from './bytes-text.ts';
import { printTable } from './print-table.ts';
import { qualityWords } from './quality-words.ts';

/**
 * Prints what each candidate came to beside the source: size, median of a run, that of the source measured in turns
 * with it, how many times as quick, what it still says.
 */
export function printCandidates(
  sourceBytes: number,
  trials: readonly CandidateTrial[],
  chosen: CandidateTrial | undefined,
): void {
  const front = onFront(trials);
  printTable(
    ['CANDIDATE', 'SIZE', 'P50', 'SOURCE', 'SPEED', 'AGREES', ''],
    [
      ['source', bytesText(sourceBytes), '', millis(middle(trials)), '1.00', '', ''],
      ...trials.map((trial) => {
        const { name, bytes, report } = trial;
        const ratio = timeRatio(report);
        return [
          name,
          bytesText(bytes),
          millis(report.latency?.ms),
          millis(report.latency?.sourceMs),
          ratio === undefined ? '' : (1 / ratio).toFixed(2),
          qualityWords(report),
          remarks(trial, front, chosen),
        ];
      }),
    ],
  );
}

function millis(ms: number | undefined): string {
  return ms === undefined ? '' : `${ms.toFixed(2)} ms`;
}

function middle(trials: readonly CandidateTrial[]): number | undefined {
  const measured = trials.flatMap(({ report }) => report.latency?.sourceMs ?? []);
  return measured.length > 0 ? median(measured) : undefined;
}

function remarks(trial: CandidateTrial, front: readonly CandidateTrial[], chosen: CandidateTrial | undefined): string {
  const refused = [...new Set(trial.report.findings.map(({ name }) => name))];
  return [
    ...(front.includes(trial) ? ['on the front'] : []),
    ...(refused.length > 0 ? [`refused: ${refused.join(', ')}`] : []),
    ...(trial === chosen ? ['chosen'] : []),
  ].join(', ');
}
