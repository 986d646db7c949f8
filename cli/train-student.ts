import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import { openTrainer } from '../src/adapters/training/open-trainer.ts';
import { type LossPoint, learnFromTeacher } from '../src/core/training/learn-from-teacher.ts';
import type { TeacherLoss } from '../src/graph/gradient/losses/teacher-loss.ts';
import { NoGradientError } from '../src/graph/gradient/no-gradient-error.ts';
import { learningRate, type Schedule } from '../src/graph/gradient/optimizers/learning-rate.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { showValues } from '../src/graph/passes/show-values.ts';
import { withWeights } from '../src/graph/with-weights.ts';
import type { CudaOptions, Run } from '../src/ports/session.ts';
import type { FixedTensor } from '../src/protocol/tensor.ts';
import { openModel } from './open-model.ts';
import { TrainingProgress } from './training-progress.ts';

export interface StudentTraining {
  readonly student: OnnxModel;
  readonly teacher: OnnxModel;
  readonly held: TeacherLoss;
  /** What both are asked. */
  readonly runs: readonly Run[];
  /** Weights of the student that stay as they are. */
  readonly isFrozen: (name: string) => boolean;
  readonly epochs: number;
  /** Runs of one shape that share a step. */
  readonly batch: number;
  /** The largest learning rate. */
  readonly rate: number;
  readonly seed: number;
  /** For models that are opened on the way. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The GPU that both run on. @default the processor */
  readonly cuda?: CudaOptions | undefined;
}

export interface TrainedStudent {
  readonly model: OnnxModel;
  readonly losses: readonly LossPoint[];
}

/** The share of the steps over which the learning rate grows. */
const warmUp = 0.05;
const clipNorm = 1;

/**
 * Trains a model to say what its teacher says: Adam, with a rate that grows at first, and then falls to 0. The same
 * seed gives the same model.
 */
export async function trainStudent(training: StudentTraining): Promise<TrainedStudent> {
  const { student, teacher, held, folder, isFrozen, cuda } = training;
  const options = { output: held.value, loss: held.loss, optimizer: { kind: 'adam' as const }, clipNorm, isFrozen };
  const place = { threads: availableParallelism(), cuda };
  const { trainer, target, whyNotCuda } = await openTrainer(student, options, place).catch(withoutGradients);
  if (whyNotCuda !== undefined) console.error(`note: it is trained on the processor: ${whyNotCuda}`);
  const progress = new TrainingProgress();
  try {
    const path = join(folder, 'teacher.onnx');
    await writeOnnxModel(showValues(teacher, [held.value]), path);
    const asked = await openModel(path, 'the teacher', cuda);
    try {
      const ask = async (run: Run) =>
        (await asked.run({ ...run, outputNames: [held.value] }, training.signal))[0] as FixedTensor;
      const { runs, epochs, seed, signal } = training;
      // Of a model that takes one at a time, none share a step.
      const batch = asked.inputs.every(({ shape }) => shape[0] === -1) ? training.batch : 1;
      const rate = (step: number, steps: number) => learningRate(schedule(training.rate, steps), step);
      const onStep = (step: number, steps: number, loss: number) => progress.step(step, steps, loss);
      const losses = await learnFromTeacher({ trainer, target, runs, ask, epochs, batch, rate, seed, signal, onStep });
      return { model: withWeights(student, trainer.weights), losses };
    } finally {
      await asked.release();
    }
  } finally {
    progress.stop();
    await trainer.release();
  }
}

/** What cannot be trained is a quantized model, as a rule; nothing can be frozen here. */
function withoutGradients(error: unknown): never {
  if (!(error instanceof NoGradientError)) throw error;
  throw new Error(
    `the student cannot be trained: ${error.reason}; in place of a quantized model, distil the one of floats that it was made from`,
  );
}

function schedule(rate: number, steps: number): Schedule {
  const warmUpSteps = Math.ceil(warmUp * steps);
  return { rate, warmUpSteps, decay: { kind: 'cosine', steps: steps - warmUpSteps } };
}
