import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trainer } from '../../core/training/trainer.ts';
import { collectBytes } from '../../graph/collect-bytes.ts';
import { dataTypes } from '../../graph/data-types.ts';
import { type TrainingOptions, trainingGraphs } from '../../graph/gradient/training-graphs.ts';
import type { OnnxModel, OnnxTensor } from '../../graph/onnx-model.ts';
import type { CudaOptions, OpenSession, Session } from '../../ports/session.ts';
import type { TensorKind } from '../../protocol/tensor.ts';
import { writeOnnxModel } from '../onnx-files/write-onnx-model.ts';
import { openSessionWith } from '../open-session.ts';

/** A model in training: what it takes is `target` beside its own inputs. */
export interface OpenTraining {
  readonly trainer: Trainer;
  /** The input that is what the model is to say. */
  readonly target: string;
  /** The value of the model that is compared with it. */
  readonly prediction: string;
  /** Why it is trained on the processor though a GPU was asked for first. */
  readonly whyNotCuda: string | undefined;
}

export interface TrainerPlace {
  /** One gives the same bytes each time, on any number of processors. */
  readonly threads: number;
  /** Train on a GPU, in whose memory weights stay. @default on the processor */
  readonly cuda?: CudaOptions | undefined;
  /** @default by the engine that this machine has */
  readonly open?: OpenSession;
}

/**
 * Elements that a thread takes a step of at a time. Of 16,384 to 131,072 the quickest by Adam on a processor with 2 MB
 * of cache for itself: what is in between, in which a step of 22 M elements all at once goes through the memory of the
 * machine some ten times, stays there.
 */
const pieceElements = 65_536;

/**
 * Opens the graphs that train a model, with its weights in memory. Rejects with a NoGradientError where it cannot be
 * trained so.
 */
export async function openTrainer(
  model: OnnxModel,
  options: TrainingOptions,
  { threads, cuda, open = openSessionWith('auto') }: TrainerPlace,
): Promise<OpenTraining> {
  // On a GPU each row would be started for itself, and several threads share what is large better.
  const graphs = trainingGraphs(model, { ...options, goesByRows: !cuda && threads === 1 });
  const tensors = [...graphs.parameters.map((each) => each.tensor), ...graphs.frozen];
  const sessions: Session[] = [];
  let trainer: Trainer | undefined;
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-training-'));
  try {
    const models = [graphs.gradients, graphs.evaluation, ...graphs.apply.map((rule) => rule.model)];
    for (const [at, graph] of models.entries()) {
      const file = join(folder, `${at}.onnx`);
      await writeOnnxModel(graph, file);
      sessions.push(await open(file, { intraOpThreads: threads, plansMemory: false, cuda }));
    }
    const [gradients, evaluation, ...apply] = sessions as [Session, Session, ...Session[]];
    const { target, prediction } = graphs;
    const options = { clock: performance, pieceElements: pieceElements * threads };
    trainer = new Trainer({ gradients, evaluation, apply }, graphs, new Map(tensors.map(kindOf)), options);
    const { weights } = trainer;
    for (const { name, data } of tensors) weights.get(name)?.data.set(await collectBytes(data));
    return { trainer, target, prediction, whyNotCuda: gradients.whyNotCuda };
  } catch (error) {
    await (trainer?.release() ?? Promise.all(sessions.map((session) => session.release())));
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function kindOf({ name, dataType, shape }: OnnxTensor): [string, TensorKind] {
  return [name, { datatype: dataType === dataTypes.DOUBLE ? 'FP64' : 'FP32', shape }];
}
