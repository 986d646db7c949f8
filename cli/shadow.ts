import { Command } from 'commander';
import { addTrialOptions, type TrialOptions } from './add-trial-options.ts';
import { changeAlias } from './change-alias.ts';
import { findTrial } from './find-trial.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

/** `tensorgate shadow`: a part of an alias's calls is answered by another version too, for comparison. */
export function shadowCommand(): Command {
  const command = new Command('shadow')
    .description('let a version answer a part of the calls of an alias too, to be compared and not returned')
    .addArgument(versionArgument('the version that is compared, as a number or an alias, such as fraud@5'));
  return addTrialOptions(command).action(async (reference: VersionReference, options: TrialOptions) => {
    const { percent, alias, json } = options;
    const { releases, seen, version, details } = await findTrial('shadow', reference, options);
    const { shadow: _before, ...rest } = seen;
    const target = percent > 0 ? { ...rest, shadow: { version, percent } } : rest;
    await changeAlias(releases, { alias, target, action: 'shadow', version, details, json });
  });
}
