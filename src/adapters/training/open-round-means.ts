import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readJson } from '../../core/batch/read-json.ts';
import { readRows } from '../../core/training-rounds/read-rows.ts';
import type { RoundMeans } from '../../core/training-rounds/round-means.ts';
import { modelFile, planFile, type RowsPart } from '../../core/training-rounds/rounds-files.ts';
import { learningRate } from '../../graph/gradient/optimizers/learning-rate.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { openOnnxModel } from '../onnx-files/open-onnx-model.ts';
import { openTrainer } from './open-trainer.ts';
import type { TrainingRoundsPlan } from './training-rounds-plan.ts';

/**
 * Opens what rounds are done with, by what lies in a folder. The trainer is to be released. Rejects with an Error where
 * no rounds were begun.
 */
export async function openRoundMeans(store: ObjectStore, part: RowsPart): Promise<RoundMeans> {
  const plan = await readJson<TrainingRoundsPlan>(store, planFile);
  const model = await store.find(modelFile);
  if (!plan || !model) throw new Error('there are no rounds to do: they were not begun');
  const rows = await readRows(store, part, plan);
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-round-'));
  try {
    const path = join(folder, modelFile);
    await pipeline(store.read(model), createWriteStream(path));
    const isFrozen = (name: string) => !plan.trained.includes(name);
    // One thread gives the same bytes, on any number of processors.
    const { trainer } = await openTrainer(await openOnnxModel(path), { ...plan.options, isFrozen }, { threads: 1 });
    return { plan, trainer, rows, rateOf: (step) => learningRate(plan.learningRate, step) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
