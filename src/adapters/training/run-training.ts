import { join } from 'node:path';
import { spread } from '../../core/factory/spread.ts';
import { fewRowsNote } from '../../core/training/few-rows-note.ts';
import type { FitProgress } from '../../core/training/fit-progress.ts';
import { type FitOptions, fitRows } from '../../core/training/fit-rows.ts';
import { lastPassNote } from '../../core/training/last-pass-note.ts';
import {
  type Metrics,
  measureClasses,
  measureLabels,
  measureNumbers,
  measureVectors,
} from '../../core/training/measure.ts';
import type { ColumnScales } from '../../core/training/normal-of.ts';
import { numbersInRows } from '../../core/training/numbers-in-rows.ts';
import type { PreparedRows } from '../../core/training/prepared-rows.ts';
import { saidOfRows } from '../../core/training/said-of-rows.ts';
import { trainInRounds, type WorkerTask } from '../../core/training/train-in-rounds.ts';
import { trainedWeights } from '../../core/training/trained-weights.ts';
import type { Trainer } from '../../core/training/trainer.ts';
import type { TrainingReport } from '../../core/training/training-report.ts';
import { TrainingRows, type TrainingRowsOptions } from '../../core/training/training-rows.ts';
import { learningRate } from '../../graph/gradient/optimizers/learning-rate.ts';
import type { TrainingOptions } from '../../graph/gradient/training-graphs.ts';
import { withAllRows } from '../../graph/gradient/with-all-rows.ts';
import { withRowsInUse } from '../../graph/gradient/with-rows-in-use.ts';
import type { OnnxModel } from '../../graph/onnx-model.ts';
import { withWeights } from '../../graph/with-weights.ts';
import type { CudaOptions } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { writeOnnxModel } from '../onnx-files/write-onnx-model.ts';
import type { LeftRounds } from './leave-rounds.ts';
import { openTrainer } from './open-trainer.ts';
import type { Recipe } from './recipe.ts';
import { TrainingWorkers } from './training-workers.ts';

export interface TrainingRun {
  readonly model: OnnxModel;
  readonly inputNames: readonly string[];
  /** Of each row, a tensor for each input. */
  readonly inputs: readonly (readonly Tensor[])[];
  readonly prepared: PreparedRows;
  readonly recipe: Recipe;
  /** The value that is compared with targets. @default the model's one output of floats */
  readonly output?: string | undefined;
  readonly isFrozen?: (name: string) => boolean;
  /** Of targets that are numbers: how they are scaled. */
  readonly scales?: ColumnScales;
  /** Processes that train side by side. @default this one alone */
  readonly workers?: number | undefined;
  /** The GPU that it is done on; not with several workers. @default the processor */
  readonly cuda?: CudaOptions | undefined;
  /** A folder for work files. */
  readonly scratch: string;
  readonly watch: Pick<FitOptions, 'signal' | 'onStep' | 'onEpoch'>;
  /** Where it goes on from. */
  readonly from?: FitProgress | undefined;
  /** Leaves its rounds to others. @default they are done here */
  readonly leave?: LeftRounds['leave'] | undefined;
}

export interface TrainedModel {
  readonly model: OnnxModel;
  readonly report: TrainingReport;
  /** What it says of some rows, of those that it did not learn from where there are such. */
  readonly answers: readonly { readonly row: number; readonly values: readonly number[] }[];
}

/** Threads of a run: one gives the same bytes on any machine. */
const threads = 1;
const mostAnswers = 16;

/**
 * Trains a model on rows, and measures it by those that it did not learn from. Rejects where it cannot be trained, or
 * was ended.
 */
export async function runTraining(whole: TrainingRun): Promise<TrainedModel> {
  // All that trains takes this one, so that checkpoints, workers and rounds of one training have the same rows.
  const { model, rows: used } = await withRowsInUse(
    whole.model,
    (input) => numbersInRows(whole, input),
    (table) => !whole.isFrozen?.(table),
  );
  const run = { ...whole, model };
  const { prepared, isFrozen, scales, cuda } = run;
  const { predicts, classes, targets, size, split, notes } = prepared;
  const options = optionsOf(run);
  const graphs = { ...options, ...(isFrozen && { isFrozen }) };
  const { trainer, target, whyNotCuda } = await openTrainer(model, graphs, { threads, cuda });
  try {
    const rows: TrainingRowsOptions = {
      inputNames: run.inputNames,
      inputs: run.inputs,
      targets: scales ? targets.map((value) => scaled(value, scales)) : targets,
      target: { name: target, isClass: predicts === 'classes', size },
    };
    const { curve, best, steps } = await fitted(run, options, trainer, rows);
    const { metrics, measuredBy, answers } = await measured(run, trainer, rows);
    const counts = { train: split.train.length, validation: split.validation.length, test: split.test.length };
    const course = { curve, bestEpoch: best.epoch };
    const said = [metrics && fewRowsNote(counts, metrics), lastPassNote(course, run.recipe.epochs)];
    return {
      model: withWeights(whole.model, await withAllRows(whole.model, used, trainedWeights(trainer))),
      report: {
        rows: counts,
        ...(classes && { classes }),
        ...course,
        steps,
        ...(metrics && { metrics }),
        measuredBy,
        notes: [...notes, ...said.filter((note) => note !== undefined), ...placeNotes(cuda, whyNotCuda)],
      },
      answers,
    };
  } finally {
    await trainer.release();
  }
}

function optionsOf({ recipe, prepared, output }: TrainingRun): TrainingOptions {
  const { l1, l2, clipNorm, optimizer } = recipe;
  return {
    loss: recipe.loss ?? { kind: prepared.classes ? 'cross-entropy' : 'mean-squared-error' },
    optimizer,
    ...(output !== undefined && { output }),
    ...(l1 !== undefined && { l1 }),
    ...(l2 !== undefined && { l2 }),
    ...(clipNorm !== undefined && { clipNorm }),
  };
}

/**
 * Has the trainer learn from the rows, alone, with workers beside it, or by those that its rounds are left to. Rejects
 * where no pass had a loss that is a number.
 */
async function fitted(
  { model, prepared: { split }, recipe, workers = 1, scratch, leave, watch, from }: TrainingRun,
  options: TrainingOptions,
  trainer: Trainer,
  rows: TrainingRowsOptions,
): Promise<FitProgress> {
  const { epochs, batchRows, patience, seed, localSteps } = recipe;
  const fit = { epochs, batchRows, patience, seed };
  const rateOf = (step: number) => learningRate(recipe.learningRate, step);
  const path = join(scratch, 'learning.onnx');
  const { trained } = trainer;
  if (leave || workers > 1) await writeOnnxModel(model, path);
  if (leave) {
    const plan = { ...fit, workers, localSteps, learningRate: recipe.learningRate, options, trained };
    await leave({ path, trainer, rows, split, plan });
  }
  const team = workers > 1 ? new TrainingWorkers({ path, options, trained, rows }) : undefined;
  const pass =
    team &&
    ((batches: readonly (readonly number[])[]) => {
      const inTeam = (tasks: readonly WorkerTask[]) => {
        watch.signal?.throwIfAborted();
        return team.run(tasks);
      };
      return trainInRounds(trainer, batches, { workers, localSteps, rateOf, run: inTeam });
    });
  try {
    const how = { ...fit, rateOf, ...watch, ...(pass && { pass }) };
    const done = await fitRows(trainer, new TrainingRows(rows), split, how, from);
    // Else the weights of the last pass would be stored, as if they were the best.
    if (done.best.epoch > 0) return done;
    throw new Error(
      'after no pass was the loss of the rows to stop by a number: a lower learning rate may help, or a look for targets that are far from all others',
    );
  } finally {
    team?.close();
  }
}

/**
 * What the model says of rows that it did not learn from, and how near that is to what it was to say; where there are
 * none, what it says of those that it learned from.
 */
async function measured(
  { prepared, scales, watch }: TrainingRun,
  trainer: Trainer,
  rows: TrainingRowsOptions,
): Promise<Pick<TrainedModel, 'answers'> & Pick<TrainingReport, 'metrics' | 'measuredBy'>> {
  const { targets, size, split } = prepared;
  const by = split.test.length > 0 ? 'test' : split.validation.length > 0 ? 'validation' : undefined;
  const asked = split[by ?? 'train'];
  const { values } = await saidOfRows(trainer, new TrainingRows(rows), asked, watch.signal);
  const said = scales ? values.map((value) => restored(value, scales)) : values;
  const wanted = () => asked.flatMap((row) => targets.slice(row * size, (row + 1) * size));
  const given = said.length / asked.length;
  const expected = prepared.classes?.length ?? size;
  if (given !== expected)
    throw new Error(
      `the model gives ${given} numbers for a row, and it learned by ${expected}: what it says of rows cannot be measured`,
    );
  return {
    ...(by && { metrics: measure(wanted(), said, prepared) }),
    measuredBy: by ?? 'nothing',
    answers: spread([...asked.keys()], mostAnswers).map((at) => ({
      row: asked[at] as number,
      values: [...said.subarray(at * given, (at + 1) * given)],
    })),
  };
}

/** Else nobody would know why the same seed gives other bytes, or what took so long. */
function placeNotes(cuda: CudaOptions | undefined, whyNotCuda: string | undefined): readonly string[] {
  if (!cuda) return [];
  if (whyNotCuda !== undefined) return [`it was trained on the processor: ${whyNotCuda}`];
  return ['it was trained on a GPU: the same seed need not give the same bytes again'];
}

function measure(wanted: readonly number[], said: Float64Array, { predicts, size }: PreparedRows): Metrics {
  return {
    classes: () => measureClasses(wanted, said),
    labels: () => measureLabels(wanted, said, size),
    numbers: () => measureNumbers(wanted, said),
    vectors: () => measureVectors(wanted, said, size),
  }[predicts]();
}

/** In FP32, as the graph has it: far from 0 that rounds what the version answers, which is what is to be measured. */
function restored(value: number, { mean: [origin = 0], scale: [factor = 1] }: ColumnScales): number {
  return Math.fround(Math.fround(value * Math.fround(1 / factor)) + Math.fround(origin));
}

function scaled(value: number, { mean: [origin = 0], scale: [factor = 1] }: ColumnScales): number {
  return (value - origin) * factor;
}
