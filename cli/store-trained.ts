import { join } from 'node:path';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import type { Recipe } from '../src/adapters/training/recipe.ts';
import { nestedValues } from '../src/core/releases/nested-values.ts';
import type { TrainingReport } from '../src/core/training/training-report.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import type { Making } from '../src/ports/making.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { checkTrained } from './check-trained.ts';
import { otherThanBefore } from './other-than-before.ts';
import type { StoredVersion } from './store-version.ts';
import { storeWithSamples } from './store-with-samples.ts';
import { toolVersions } from './tool-versions.ts';
import type { TrainOptions } from './train-options.ts';
import type { WatchedModel } from './watch-training.ts';

export interface TrainedToStore {
  readonly name: string;
  /** As it is to serve. */
  readonly model: OnnxModel;
  readonly inputNames: readonly string[];
  /** What that model takes for a row. */
  readonly inputsOf: (row: number) => Promise<readonly Tensor[]>;
  /** What it learned by. @default its first output */
  readonly output?: string;
  readonly trained: Pick<WatchedModel, 'report' | 'answers' | 'forget'>;
  /** Texts beside it, by their names there, and where they are now. */
  readonly texts: ReadonlyMap<string, string>;
  readonly recipe: Recipe;
  readonly made: Pick<Making, 'source' | 'data' | 'passes'>;
  readonly scratch: string;
}

export interface StoredTraining {
  readonly stored: StoredVersion;
  readonly report: TrainingReport;
  /** What it has other than the version before it; undefined: nothing that is known. */
  readonly other: string | undefined;
}

/**
 * Stores what was trained as a version, with what was measured, and samples of rows that it did not learn from. Rejects
 * where it answers otherwise than in its training.
 */
export async function storeTrained(
  { models: uri, name: wanted }: Pick<TrainOptions, 'models' | 'name'>,
  trained: TrainedToStore,
): Promise<StoredTraining> {
  const { name, model, inputNames, recipe, scratch } = trained;
  const { report, answers, forget } = trained.trained;
  const path = join(scratch, 'model.onnx');
  await writeOnnxModel(model, path);
  const rows = await Promise.all(
    answers.map(async ({ row, values }) => ({ row, values, tensors: await trained.inputsOf(row) })),
  );
  await checkTrained(path, inputNames, rows, trained.output);
  const samples = rows.map(({ row, tensors }) => ({
    where: `row ${row}`,
    inputs: Object.fromEntries(inputNames.map((input, place) => [input, nestedValues(tensors[place] as Tensor)])),
    outputs: {},
  }));
  const { curve, metrics, ...others } = report;
  const made: Making = {
    by: 'train',
    ...trained.made,
    versions: toolVersions,
    seed: recipe.seed,
    recipe,
    report: { ...others, curve, ...(metrics && { metrics }) },
  };
  const origin = { made, ...(metrics && { metrics: summary(metrics) }) };
  const toStore = { name, version: wanted?.number, path, texts: trained.texts, samples, folder: scratch, origin };
  const stored = await storeWithSamples(uri, toStore);
  // It is stored, whether or not that can be let go of: else it would be asked for again, and stored twice.
  await forget().catch((error: Error) => {
    console.error(`note: it is stored, and its checkpoint could not be removed, which you may do: ${error.message}`);
  });
  return { stored, report, other: await otherThanBefore(openModelStore(uri), name, stored.version) };
}

/** What was measured, without what it was measured of. */
function summary({
  kind: _kind,
  ...metrics
}: NonNullable<TrainingReport['metrics']>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(metrics).filter(([key]) => !['confusion', 'byClass', 'byLabel'].includes(key)),
  );
}
