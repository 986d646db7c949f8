import { Command } from 'commander';
import { chooseVersion } from './choose-version.ts';
import { compareVersions } from './compare-versions.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { printComparison } from './print-comparison.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { UsageError } from './usage-error.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

interface DiffOptions {
  readonly models: string;
  readonly requireSignature?: string;
  readonly json: boolean;
}

/** `tensorgate diff`: in what two versions of a model differ. */
export function diffCommand(): Command {
  return new Command('diff')
    .description(
      'compare two versions of a model: schema, operators, size, speed, what was measured of them, and their answers to samples',
    )
    .addArgument(versionArgument())
    .addArgument(versionArgument('another of the model; its samples.jsonl gives the inputs, else that of the first'))
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .addOption(jsonOption())
    .action(async (one: VersionReference, two: VersionReference, options: DiffOptions) => {
      const { models, json, requireSignature } = options;
      if (one.name !== two.name)
        throw new UsageError(`expected two versions of one model, got versions of '${one.name}' and of '${two.name}'`);
      const { store, model } = await findReleases(models, one.name, requireSignature);
      const comparison = await compareVersions(
        store,
        model,
        chooseVersion(model, one.version),
        chooseVersion(model, two.version),
      );
      if (json) console.log(JSON.stringify(comparison, null, 2));
      else printComparison(comparison);
    });
}
