import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { DriftFiles } from '../src/adapters/drift/drift-files.ts';
import type { TextPart } from '../src/core/charts/fitted-text.ts';
import { wholeText } from '../src/core/charts/whole-text.ts';
import type { Baseline } from '../src/core/drift/baseline.ts';
import { driftOf } from '../src/core/drift/drift-of.ts';
import type { FeatureDrift } from '../src/core/drift/feature-drift.ts';
import { featureLabel } from '../src/core/drift/feature-label.ts';
import { leastRows } from '../src/core/drift/least-rows.ts';
import { mergedSketch } from '../src/core/drift/merged-sketch.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { chooseVersion } from './choose-version.ts';
import { drawDrift } from './draw-drift.ts';
import { drawingToWrite } from './drawing-to-write.ts';
import { driftWords } from './drift-words.ts';
import { findModel } from './find-model.ts';
import { jsonOption } from './json-option.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { type PeriodOptions, periodOf, withPeriod } from './period-options.ts';
import { printTable } from './print-table.ts';

interface ReportOptions extends PeriodOptions {
  readonly models: string;
  readonly svg?: string;
  readonly json: boolean;
}

const periodDays = 7;

const explanation = `
PSI is the population stability index: under 0.1 little has changed, from 0.25 on much has. JS is the Jensen-Shannon divergence in bits, from
0 to 1. KS is the Kolmogorov-Smirnov distance, and P how likely chance alone would make it so large; words have none.`;

/** `tensorgate drift report`: what all hosts have counted, against the baseline. */
export function driftReportCommand(): Command {
  const command = new Command('report')
    .description('compare what hosts have seen of a version with its baseline')
    .addArgument(modelArgument())
    .option('--svg <file>', 'draw it there', drawingToWrite)
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation);
  return withPeriod(command, periodDays).action(report);
}

async function report({ name, version: wanted }: ModelReference, options: ReportOptions): Promise<void> {
  const { models: uri, svg, json, ...period } = options;
  const [from, to] = periodOf(period, periodDays);
  const { model } = await findModel(uri, name);
  const version = chooseVersion(model, wanted);
  const label = versionLabel(name, version);
  const files = DriftFiles.of(uri);
  const stored = await files.baseline(name, version);
  if (!stored)
    throw new Error(
      `${label} has no baseline: tensorgate drift baseline makes one of a file, and "drift" in model.json of the first requests`,
    );
  const { baseline } = stored;
  const sketch = mergedSketch(baseline, await files.sketches(baseline, from, to));
  const drift = driftOf(baseline, sketch);
  const title: readonly TextPart[] = [
    { text: label, cut: 'middle' },
    `, ${from} to ${to}: ${sketch.rows} rows against ${baseline.rows} of `,
    { text: baseline.from, cut: 'middle' },
  ];
  if (svg !== undefined) await writeFile(svg, drawDrift(title, drift));
  if (json) console.log(JSON.stringify(asJson(baseline, sketch.rows, { from, to }, drift), null, 2));
  else print(wholeText(title), drift, sketch.rows);
}

function print(title: string, drift: readonly FeatureDrift[], rows: number): void {
  console.log(title);
  if (rows < leastRows) console.log(`of ${rows} rows nothing can be said: ${leastRows} are needed`);
  else printTable(['FEATURE', 'SIDE', 'PSI', 'JS', 'KS', 'P', 'CHANGE'], drift.map(row));
}

function row({ feature, psi, js, ks }: FeatureDrift): readonly string[] {
  const figures = [psi, js, ks?.distance, ks?.probability].map((value) => value?.toFixed(3) ?? '-');
  return [featureLabel(feature), feature.side, ...figures, driftWords(psi)];
}

function asJson(
  { model, version, madeAt, from, rows: baselineRows }: Baseline,
  rows: number,
  days: { readonly from: string; readonly to: string },
  drift: readonly FeatureDrift[],
): object {
  const features = drift.map(({ feature, psi, js, ks }) => ({
    feature: featureLabel(feature),
    side: feature.side,
    psi,
    js,
    ...(ks && { ks: ks.distance, probability: ks.probability }),
  }));
  return { model, version, days, rows, baseline: { madeAt, from, rows: baselineRows }, features };
}
