import { Command, Option } from 'commander';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import type { LossPoint } from '../src/core/training/learn-from-teacher.ts';
import { type TeacherLossKind, teacherLoss } from '../src/graph/gradient/losses/teacher-loss.ts';
import { tablesAndNumbers } from '../src/graph/gradient/tables-and-numbers.ts';
import { type FewerLayers, withFewerLayers } from '../src/graph/layers/with-fewer-layers.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import type { Session } from '../src/ports/session.ts';
import { concludeMade } from './conclude-made.ts';
import { findSource, type Source } from './find-source.ts';
import { type GateOptions, withGateOptions } from './gate-options.ts';
import { gpuDeviceOption } from './gpu-device-option.ts';
import { type GpuChoice, gpuOf } from './gpu-of.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { jsonOption } from './json-option.ts';
import { judgeMade } from './judge-made.ts';
import { judgedLabels } from './judged-labels.ts';
import { learningSamples } from './learning-samples.ts';
import { madeName } from './made-name.ts';
import { madeNameOption } from './made-name-option.ts';
import { modelsOption } from './models-option.ts';
import { openModel } from './open-model.ts';
import { positive } from './positive.ts';
import type { PushedAs } from './pushed-as.ts';
import { sampleRuns } from './sample-runs.ts';
import { sourceArgument } from './source-argument.ts';
import { trainStudent } from './train-student.ts';
import { trainingProvidersOption } from './training-providers-option.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wholeNumber } from './whole-number.ts';
import { writeMade } from './write-made.ts';

interface DistilOptions extends GateOptions, GpuChoice {
  readonly layers: number;
  readonly texts?: string;
  readonly samples?: string;
  readonly name?: PushedAs;
  readonly output?: string;
  readonly loss?: TeacherLossKind;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly models: string;
  readonly json: boolean;
}

const explanation = `
The layers that the model repeats are found in its graph; of these the first, the last, and those evenly between them are kept. The student is then
trained to say what the teacher says: the direction of its vectors, its shares of classes, or its numbers. Its tables of words stay as they are. One in ten
of the texts or samples is held out, and the gate asks the student these; with --texts and --samples it learns from the texts and is asked the samples. Of a
teacher of vectors --task judges by a softmax head, fitted to what the student learned from where that has labels: the file of --task has a label for each row of
the file that is judged, and a .csv of --texts may have a column label.
The same seed gives the same bytes. Where the gate refuses it nothing is stored, and the exit code is 2.`;

/** `tensorgate distil`: a student of fewer layers, trained to say what a model says. */
export function distilCommand(): Command {
  const losses: readonly TeacherLossKind[] = ['cosine', 'distillation', 'mean-squared-error'];
  return withGateOptions(
    new Command('distil')
      .description('train a student of some of a model’s layers to say what the model says, and store it as a version')
      .addArgument(sourceArgument('teacher', 'encoder'))
      .requiredOption('--layers <number>', 'how many layers the student keeps', wholeNumber(1, 1000))
      .option('--texts <file>', 'texts to learn from: the column text of a .csv, or the lines of any other file')
      .option('--samples <file>', 'a samples.jsonl of inputs to learn from; with --texts, to judge by')
      .addOption(madeNameOption())
      .option('--output <name>', 'the output to learn; the one of floats without it')
      .addOption(new Option('--loss <loss>', 'how it is held to it; by what the output is without it').choices(losses))
      .option('--epochs <number>', 'how often it sees each text', wholeNumber(1, 1000), 3)
      .option('--batch <number>', 'texts of the same length that share a step', wholeNumber(1, 4096), 32)
      .option('--learning-rate <number>', 'the largest one: it grows to this, and falls to 0', positive, 3e-4)
      .option('--seed <number>', 'of the order of the texts', wholeNumber(0, 2 ** 31 - 1), 1)
      .addOption(trainingProvidersOption())
      .addOption(gpuDeviceOption()),
  )
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(distil);
}

async function distil(target: string, options: DistilOptions): Promise<void> {
  const source = await findSource(target, options.models);
  const name = await madeName(target, source.name, options);
  const teacher = await openOnnxModel(source.toPush.model);
  const cut = withFewerLayers(teacher, options.layers);
  const session = await openModel(source.toPush.model, source.label);
  try {
    await untilInterrupted((signal) =>
      inScratchFolder((folder) => teach({ name, source, session, teacher, cut, folder, signal }, options)),
    );
  } finally {
    await session.release();
  }
}

interface Lesson {
  readonly name: string;
  readonly source: Source;
  readonly session: Session;
  readonly teacher: OnnxModel;
  readonly cut: FewerLayers;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function teach(lesson: Lesson, options: DistilOptions): Promise<void> {
  const { name, source, session, teacher, cut, folder, signal } = lesson;
  const { epochs, batch, seed, learningRate: rate, json } = options;
  const held = teacherLoss(teacher, options.output, options.loss);
  const given = await learningSamples({ texts: options.texts, samples: options.samples }, session, source.toPush);
  const labels = await judgedLabels({ task: options.task, texts: options.texts }, source.toPush, given);
  const layers = `layers ${cut.kept.map((layer) => layer + 1).join(', ')} of ${cut.of}`;
  const count = given.learned.samples.length;
  console.error(
    `${layers}, which learn from ${count} samples, ${epochs} times, and are judged by ${given.judged.samples.length}`,
  );
  const left = tablesAndNumbers(cut.model);
  const { model, losses } = await trainStudent({
    student: cut.model,
    teacher,
    held,
    runs: sampleRuns(session, given.learned.samples).map(({ run }) => run),
    isFrozen: (weight) => left.has(weight),
    epochs,
    batch,
    rate,
    seed,
    folder,
    signal,
    cuda: gpuOf(options),
  });
  if (!json) console.log(`loss (${held.loss.kind}): ${lossWords(losses)}`);
  const { path, bytes } = await writeMade(model, folder, 'student');
  const asked = { path, name: 'student', source, session, samples: given.judged.samples, labels, signal };
  const report = await judgeMade({ ...asked, unverified: false }, options);
  const passes = [
    layers,
    `trained to '${held.value}' of all layers by ${held.loss.kind}, ${epochs} times over ${count} samples in batches of ${batch}, learning rate ${rate}`,
  ];
  const training = { count, sha256: given.learned.sha256, losses };
  const trial = { name: 'student', passes, bytes, report };
  const more = { seed, training };
  await concludeMade(
    { name, version: options.name?.number, source, judged: given.judged, path, folder, trial, by: 'distil', more },
    options,
  );
}

/** Where the curve begins and ends; all of it is in the manifest. */
function lossWords(losses: readonly LossPoint[]): string {
  const [first, last] = [losses[0] as LossPoint, losses.at(-1) as LossPoint];
  return `${first.loss.toPrecision(3)} up to step ${first.step}, ${last.loss.toPrecision(3)} up to step ${last.step}`;
}
