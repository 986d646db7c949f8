import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trainer } from '../../core/training/trainer.ts';
import { collectBytes } from '../../graph/collect-bytes.ts';
import { dataTypes } from '../../graph/data-types.ts';
import { type TrainingOptions, trainingGraphs } from '../../graph/gradient/training-graphs.ts';
import type { OnnxModel, OnnxTensor } from '../../graph/onnx-model.ts';
import type { OpenSession, Session } from '../../ports/session.ts';
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
}

/**
 * Opens the graphs that train a model, with its weights in memory. Rejects with a NoGradientError where it cannot be trained so.
 *
 * @param threads one gives the same bytes each time, on any number of processors
 */
export async function openTrainer(
  model: OnnxModel,
  options: TrainingOptions,
  { threads }: { readonly threads: number },
): Promise<OpenTraining> {
  const graphs = trainingGraphs(model, options);
  const weights = new Map<string, FixedTensor>();
  for (const tensor of [...graphs.parameters.map((each) => each.tensor), ...graphs.frozen])
    weights.set(tensor.name, await weightOf(tensor));
  const open = openSessionWith('auto');
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-training-'));
  try {
    const gradients = await opened(graphs.gradients, join(folder, 'gradients.onnx'), open, threads);
    const apply = await opened(graphs.apply, join(folder, 'apply.onnx'), open, threads).catch(async (error) => {
      await gradients.release();
      throw error;
    });
    const { target, prediction } = graphs;
    return { trainer: new Trainer({ gradients, apply }, graphs, weights, performance), target, prediction };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function opened(model: OnnxModel, path: string, open: OpenSession, threads: number): Promise<Session> {
  await writeOnnxModel(model, path);
  return open(path, { intraOpThreads: threads, plansMemory: false });
}

/** In memory of its own, which may be written to. */
async function weightOf({ dataType, shape, data }: OnnxTensor): Promise<FixedTensor> {
  const bytes = await collectBytes(data);
  return { datatype: dataType === dataTypes.DOUBLE ? 'FP64' : 'FP32', shape, data: data.held ? bytes.slice() : bytes };
}
