import { Command } from 'commander';
import { checkHasVersion } from './check-has-version.ts';
import { compareVersions } from './compare-versions.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { printComparison } from './print-comparison.ts';
import { versionNumber } from './version-number.ts';

/** `tensorgate diff`: in what two versions of a model differ. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('compare two versions of a model: schema, operators, size, speed, and their answers to samples')
    .argument('<model>', 'the model')
    .argument('<version1>', 'the one version', versionNumber)
    .argument('<version2>', 'the other; its samples.jsonl gives the inputs, else that of the first', versionNumber)
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name: string, one: number, two: number, { models, json }: { models: string; json: boolean }) => {
      const { store, model } = await findReleases(models, name);
      for (const version of [one, two]) checkHasVersion(model, version);
      const comparison = await compareVersions(store, model, one, two);
      if (json) console.log(JSON.stringify(comparison, null, 2));
      else printComparison(comparison);
    });
}
