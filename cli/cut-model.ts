import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { planStages, type StagePlan } from '../src/graph/split/plan-stages.ts';
import { splitModel } from '../src/graph/split/split-model.ts';
import { type StageParts, stageParts } from '../src/graph/split/stage-parts.ts';
import { crossingValues } from './crossing-values.ts';

/** A model in stages. */
export interface CutModel {
  /** What the whole takes and gives. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly plan: StagePlan;
  readonly parts: readonly StageParts[];
  /** The stages' models, each in a folder of its own. */
  readonly paths: readonly string[];
}

// A cut that breaks what the runtime joins to one operator changes last digits: the next one may not.
const mostTries = 8;

/**
 * Cuts the model at `path` into stages of about as many bytes, and writes them under `folder`. Rejects with an Error
 * where it cannot be cut.
 *
 * @param isWhole whether two stages, by their paths, answer as the whole does
 */
export async function cutModel(
  path: string,
  stages: number,
  folder: string,
  isWhole: (paths: readonly string[]) => Promise<boolean>,
): Promise<CutModel> {
  const model = await openOnnxModel(path);
  const { graph } = model;
  const plan = await planStages(graph, stages, async (places) => {
    for (const place of places.slice(0, mostTries)) {
      const { paths } = await writeStages(model, [place], join(folder, `cut-${place}`));
      if (await isWhole(paths)) return place;
    }
    return places[0] as number;
  });
  // What has a default is left at that.
  const inputs = graph.inputs.map(({ name }) => name).filter((name) => !graph.initializers.has(name));
  const outputs = graph.outputs.map(({ name }) => name);
  return { inputs, outputs, plan, ...(await writeStages(model, plan.cuts, join(folder, 'stages'))) };
}

async function writeStages(model: OnnxModel, cuts: readonly number[], folder: string) {
  const { graph } = model;
  const parts = stageParts(graph, cuts);
  const given = new Set(graph.inputs.map(({ name }) => name));
  const crossing = new Set(parts.flatMap(({ inputs }) => inputs).filter((name) => !given.has(name)));
  await mkdir(folder, { recursive: true });
  const values = await crossingValues(model, [...crossing], folder);
  const paths: string[] = [];
  for (const [stage, part] of splitModel(model, parts, values).entries()) {
    const own = join(folder, String(stage + 1));
    await mkdir(own, { recursive: true });
    const target = join(own, 'model.onnx');
    await writeOnnxModel(part, target);
    paths.push(target);
  }
  return { parts, paths };
}
