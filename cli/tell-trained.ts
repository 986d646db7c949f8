import { writeFile } from 'node:fs/promises';
import type { TextPart } from '../src/core/charts/fitted-text.ts';
import type { TrainingInShort } from '../src/core/training/training-in-short.ts';
import type { TrainingReport } from '../src/core/training/training-report.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { drawTraining } from './draw-training.ts';
import { grouped } from './grouped.ts';
import { metricFacts } from './metric-facts.ts';
import { printFacts } from './print-facts.ts';
import { printStored } from './print-stored.ts';
import type { StoredTraining } from './store-trained.ts';
import type { TrainOptions } from './train-options.ts';

/** Says what came of a training, and draws it. */
export async function tellTrained(
  name: string,
  { stored, report, other }: StoredTraining,
  { svg, data, json }: Pick<TrainOptions, 'data' | 'json'> & { readonly svg: string },
): Promise<void> {
  for (const note of report.notes) console.error(`note: ${note}`);
  // Of a long path the end says most.
  const title: readonly TextPart[] = [{ text: name, cut: 'middle' }, ', of ', { text: data, cut: 'start' }];
  await writeFile(svg, drawTraining(title, report)).catch((error: Error) => {
    // Else nobody would know that the training was not in vain.
    throw new Error(`${versionLabel(name, stored.version)} is stored, but not drawn: ${error.message}`, {
      cause: error,
    });
  });
  if (other !== undefined) console.error(`note: ${other}`);
  if (json) {
    const { draft, version, place } = stored;
    const made = { ...draft.made, report: reportInShort(report) };
    console.log(JSON.stringify({ ...draft, made, version, place, svg }));
    return;
  }
  const { rows, curve, bestEpoch, steps, metrics, measuredBy } = report;
  printFacts([
    [
      'rows',
      `${grouped(rows.train)} to learn from, ${grouped(rows.validation)} to stop by, ${grouped(rows.test)} to measure by`,
    ],
    ['passes', `${curve.length} in ${grouped(steps)} steps; the best was the ${ordinal(bestEpoch)}`],
    ...(metrics ? metricFacts(metrics) : []),
  ]);
  if (measuredBy !== 'test')
    console.error(
      measuredBy === 'nothing'
        ? "note: no rows were held back to measure it by ('split' of a recipe says how many), so how good it is is not known, and its samples.jsonl has rows that it learned from: --test may give others"
        : 'note: measured by the rows that it was stopped by, which flatters it',
    );
  console.log(`drawn in ${svg}`);
  printStored(stored, { name, key: undefined, json });
}

/** Without what grows with passes and classes, which the manifest has: a job hears it, and has bounds. */
function reportInShort({ curve, metrics: _metrics, ...report }: TrainingReport): TrainingInShort {
  const best = curve.find(({ epoch }) => epoch === report.bestEpoch);
  return { ...report, passes: curve.length, ...(best && { best }) };
}

function ordinal(number: number): string {
  const last = number % 10;
  const isTeen = Math.floor(number / 10) % 10 === 1;
  return `${number}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][last] ?? 'th')}`;
}
