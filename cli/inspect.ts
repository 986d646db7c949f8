import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { fillModelConfig } from '../src/adapters/directory-model-store/fill-model-config.ts';
import { whyRowsMixOf } from '../src/adapters/directory-model-store/why-rows-mix-of.ts';
import { readFileModel } from '../src/adapters/onnx-files/read-file-model.ts';
import { batchable } from '../src/core/batchable.ts';
import { batchingOf } from '../src/core/batching/batching-of.ts';
import { summarizeModel } from '../src/graph/summarize-model.ts';
import type { EnsembleConfig, ModelStore } from '../src/ports/model-store.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import { inspectEnsemble } from './inspect-ensemble.ts';
import { jsonOption } from './json-option.ts';
import { modelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { openModel } from './open-model.ts';
import { printEnsemble } from './print-ensemble.ts';
import { printInspection } from './print-inspection.ts';

const runtimeBytes = 30e6;
// The weights are held twice while a model loads (as read, and as kernels lay them out), with some room beside.
const weightFactor = 2.2;

/** `tensorgate inspect`: what a model takes, gives, is made of and will need. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('tell what an ONNX file, or a model of the repository, takes, gives and needs')
    .argument(
      '<file|model[@version]>',
      'an ONNX file; or a model, and its version as a number or an alias, without one that which would serve',
    )
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (target: string, { models, json }: { models: string; json: boolean }) => {
      const place = await locate(target, models);
      if (typeof place !== 'string') {
        const ensemble = await inspectEnsemble(place.store, place.name, place.ensemble);
        if (json) console.log(JSON.stringify(ensemble, null, 2));
        else printEnsemble(ensemble);
        return;
      }
      const inspection = await inspect(place);
      if (json) console.log(JSON.stringify(inspection, null, 2));
      else printInspection(inspection);
    });
}

/** The path of an ONNX file; of a model that is made of others what it is made of. */
async function locate(
  target: string,
  uri: string,
): Promise<string | { readonly store: ModelStore; readonly name: string; readonly ensemble: EnsembleConfig }> {
  const status = await stat(target).catch(() => undefined);
  if (status?.isFile()) return resolve(target);
  if (/[\\/]|\.onnx$/i.test(target))
    throw new Error(
      status ? `${target} is a folder: expected an ONNX file, or the name of a model` : `there is no file ${target}`,
    );
  const { name, version } = modelReference(target);
  const { store, model } = await findModel(uri, name);
  const { ensemble } = model.config;
  if (ensemble && model.problem === undefined) return { store, name, ensemble };
  return (await store.fetch(name, chooseVersion(model, version))).path;
}

async function inspect(path: string) {
  const model = await readFileModel(path).catch((error: Error) => {
    throw new Error(`${path} is ${error.message}`);
  });
  const summary = summarizeModel(model);
  const session = await openModel(path, path);
  const { inputs, outputs, unservable } = session;
  await session.release();
  const operators = Object.keys(summary.operators);
  const mixesRows = whyRowsMixOf(model);
  return {
    path,
    ...summary,
    inputs,
    outputs,
    unservable,
    batchable: batchable(inputs, outputs, operators),
    sharesRuns: batchingOf(fillModelConfig({}).batching, { inputs, outputs, operators, mixesRows }),
    estimatedMemoryBytes: Math.round(summary.weightBytes * weightFactor + runtimeBytes),
  };
}
