import { Command } from 'commander';
import type { FormFigures } from '../src/adapters/prepared/form-figures.ts';
import type { Preparation } from '../src/adapters/prepared/preparation.ts';
import { prepareVersion } from '../src/adapters/prepared/prepare-version.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import { jsonOption } from './json-option.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { printTable } from './print-table.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';

interface PrepareOptions {
  readonly models: string;
  readonly json: boolean;
}

const explanation = `
The prepared form lies beside the version, in .prepared/, and is loaded by servers and functions with this runtime and this kind
of processor. Nothing depends on it: where it is missing or does not fit, the model is loaded as it was stored.`;

/** `tensorgate prepare`: a version gets a form that loads quicker on this kind of machine. */
export function prepareCommand(): Command {
  return new Command('prepare')
    .description('make the form of a model that loads quickest on this kind of machine, and store it beside the model')
    .addArgument(modelArgument('the newest'))
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(prepare);
}

async function prepare(
  { name, version: wanted }: ModelReference,
  { models: uri, json }: PrepareOptions,
): Promise<void> {
  const { store, model } = await findModel(uri, name);
  refuseEnsemble(model, 'prepare those');
  const version = wanted === undefined ? model.versions.at(-1) : chooseVersion(model, wanted);
  if (version === undefined) throw new Error(`model '${name}' has no version: ${model.problem}`);
  const preparation = await prepareVersion(store, name, version);
  if (json) console.log(JSON.stringify(preparation, null, 2));
  else print(preparation);
}

function print({ model, version, whyNot, figures }: Preparation): void {
  if (figures) {
    printTable(
      ['FORM', 'LOAD', 'FIRST RUN', 'RUN', 'BYTES'],
      [row('as stored', figures.plain), row('prepared', figures.prepared)],
    );
  }
  const label = versionLabel(model, version);
  console.log(
    whyNot ? `${label} goes on as it was stored: ${whyNot}` : `${label} is prepared for this kind of machine`,
  );
}

function row(form: string, { loadMs, firstRunMs, runMs, bytes }: FormFigures): readonly string[] {
  return [form, ...[loadMs, firstRunMs, runMs].map((ms) => `${ms.toFixed(2)} ms`), String(bytes)];
}
