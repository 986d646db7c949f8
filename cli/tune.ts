import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { placeOf } from '../src/adapters/place-of.ts';
import type { TextPart } from '../src/core/charts/fitted-text.ts';
import type { Trial } from '../src/core/tuning/trial.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { chooseVersion } from './choose-version.ts';
import { countOf } from './count-of.ts';
import { defaultRuns } from './default-runs.ts';
import { drawTrials } from './draw-trials.ts';
import { drawingToWrite } from './drawing-to-write.ts';
import { findModel } from './find-model.ts';
import { mergeSettings } from './merge-settings.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { readModelSettings, writeModelSettings } from './model-settings-file.ts';
import { modelsOption } from './models-option.ts';
import { positive } from './positive.ts';
import { printTrials } from './print-trials.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { setUpProcess } from './set-up-process.ts';
import { settingsWords } from './settings-words.ts';
import { type Tuned, tuneModel } from './tune-model.ts';
import { wholeNumber } from './whole-number.ts';

interface TuneOptions {
  readonly models: string;
  readonly requireSignature?: string;
  readonly p99Ms: number;
  readonly seconds: number;
  readonly input?: string;
  readonly svg?: string;
  readonly dryRun: boolean;
}

const explanation = `
Runs the model in this process, as serve does, without HTTP: with other threads a run, other numbers of runs at once and other batch
sizes, each with more and more callers, until the latency goal is missed or more callers bring nothing more. What is best holds for
this machine, while it does nothing else. auto: as serve is set, or chooses itself.`;

/** `tensorgate tune`: a model gets the settings that answer most on this machine, within a latency goal. */
export function tuneCommand(): Command {
  return new Command('tune')
    .description('find the threads, runs at once and batch size that answer most on this machine within a latency goal')
    .addArgument(modelArgument())
    .requiredOption('--p99-ms <number>', 'the goal: milliseconds that 99 of 100 requests may take', positive)
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .option('--seconds <number>', 'time for measurements', wholeNumber(1, 24 * 3600), 60)
    .option('--input <file>', 'a request to measure with, as JSON; random values without it')
    .option('--svg <file>', 'where to draw throughput against latency; tune-<model>.svg without it', drawingToWrite)
    .option('--dry-run', 'print what would be written to model.json, and write nothing', false)
    .addHelpText('after', explanation)
    .action(tune);
}

async function tune({ name, version: wanted }: ModelReference, options: TuneOptions): Promise<void> {
  setUpProcess(defaultRuns);
  const { models, p99Ms: goalMs, seconds, input, requireSignature } = options;
  const { store, model } = await findModel(models, name, requireSignature);
  if (model.problem) throw new Error(`model '${name}' cannot be served: ${model.problem}`);
  refuseEnsemble(model, 'tune those');
  if (model.config.sequence) {
    throw new Error(`model '${name}' keeps state: it answers sequences of requests, which tune does not make`);
  }
  const version = chooseVersion(model, wanted);
  console.error(`measuring ${versionLabel(name, version)} for about ${seconds} s …`);
  const onTrial = (trial: Trial) => console.error(`${settingsWords(trial.settings)}: ${outcome(trial)}`);
  const tuned = await tuneModel({ store, model, version, goalMs, seconds, input, onTrial });
  console.error();
  printTrials(tuned.trials, tuned.best);
  if (tuned.whyNoBatches) console.log(`\nbatch sizes were not tried: ${tuned.whyNoBatches}`);
  if (tuned.untriedSizes.length > 0)
    console.log(
      `\ntime was up: batch sizes ${tuned.untriedSizes.join(', ')} were not tried; --seconds gives more than ${seconds}`,
    );
  if (tuned.trials.indexOf(tuned.best) > 0)
    console.log(
      '\nmeasured again: what seemed best, a second time, which counts; others, measured once, may seem better',
    );
  await draw(name, version, options, tuned);
  if (!tuned.best.best) {
    const { settings } = tuned.best;
    throw new Error(`no settings meet ${goalMs} ms; the best are ${settingsWords(settings)}: ${outcome(tuned.best)}`);
  }
  await write(name, options, tuned);
}

function outcome({ best, points }: Trial): string {
  if (best)
    return `${best.perSecond.toFixed(1)} requests/s, 99 of 100 within ${best.p99Ms.toFixed(2)} ms, ${countOf(best.callers, 'caller')}`;
  const quickest = Math.min(...points.map(({ p99Ms }) => p99Ms));
  return `misses the goal: 99 of 100 within ${quickest.toFixed(2)} ms`;
}

async function draw(name: string, version: number, options: TuneOptions, { trials, best }: Tuned): Promise<void> {
  if (options.dryRun && options.svg === undefined) return;
  const file = options.svg ?? `tune-${name}.svg`;
  const title: readonly TextPart[] = [{ text: name, cut: 'middle' }, `, version ${version}`];
  await writeFile(file, drawTrials({ title, trials, best, goalMs: options.p99Ms }));
  console.log(`\ndrawn in ${file}`);
}

async function write(name: string, { models, dryRun }: TuneOptions, { best }: Tuned): Promise<void> {
  const place = placeOf(models);
  const path = 'path' in place ? join(place.path, name, 'model.json') : undefined;
  const { file, changes } = mergeSettings(path === undefined ? {} : await readModelSettings(path), best.settings);
  if (changes.length === 0) {
    console.log('\nthe settings are the best already: model.json stays as it is');
    return;
  }
  console.log(`\n${changes.join('\n')}`);
  if (path !== undefined && !dryRun) {
    await writeModelSettings(path, file);
    console.log(`written to ${path}`);
  } else if (path !== undefined) console.log(JSON.stringify(file, null, 2));
  else console.log(`to be put into ${models}/${name}/model.json: a bucket is not written to`);
}
