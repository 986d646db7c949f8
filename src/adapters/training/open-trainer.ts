import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trainer } from '../../core/training/trainer.ts';
import { collectBytes } from '../../graph/collect-bytes.ts';
import { dataTypes } from '../../graph/data-types.ts';
import { type TrainingOptions, trainingGraphs } from '../../graph/gradient/training-graphs.ts';
import type { OnnxModel, OnnxTensor } from '../../graph/onnx-model.ts';
import type { CudaOptions, OpenSession, Session } from '../../ports/session.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
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

/** Opens the graphs that train a model, with its weights in memory. Rejects with a NoGradientError where it cannot be trained so. */
export async function openTrainer(
  model: OnnxModel,
  options: TrainingOptions,
  { threads, cuda, open = openSessionWith('auto') }: TrainerPlace,
): Promise<OpenTraining> {
  const graphs = trainingGraphs(model, options);
  const weights = new Map<string, FixedTensor>();
  for (const tensor of [...graphs.parameters.map((each) => each.tensor), ...graphs.frozen])
    weights.set(tensor.name, await weightOf(tensor));
  const openGraph = async (graph: OnnxModel, file: string): Promise<Session> => {
    await writeOnnxModel(graph, file);
    return open(file, { intraOpThreads: threads, plansMemory: false, cuda });
  };
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-training-'));
  try {
    const gradients = await openGraph(graphs.gradients, join(folder, 'gradients.onnx'));
    const apply = await openGraph(graphs.apply, join(folder, 'apply.onnx')).catch(async (error) => {
      await gradients.release();
      throw error;
    });
    const { target, prediction } = graphs;
    const trainer = new Trainer({ gradients, apply }, graphs, weights, performance);
    return { trainer, target, prediction, whyNotCuda: gradients.whyNotCuda };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In memory of its own, which may be written to. */
async function weightOf({ dataType, shape, data }: OnnxTensor): Promise<FixedTensor> {
  const bytes = await collectBytes(data);
  return { datatype: dataType === dataTypes.DOUBLE ? 'FP64' : 'FP32', shape, data: data.held ? bytes.slice() : bytes };
}
