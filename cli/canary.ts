import { Command, Option } from 'commander';
import type { Canary } from '../src/ports/model-store.ts';
import { addTrialOptions, type TrialOptions } from './add-trial-options.ts';
import { changeAlias } from './change-alias.ts';
import { findTrial } from './find-trial.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

interface CanaryOptions extends TrialOptions {
  readonly sticky?: 'key' | 'id' | 'none';
}

/** `tensorgate canary`: a part of an alias's calls goes to another version. */
export function canaryCommand(): Command {
  const command = new Command('canary')
    .description('give a version a part of the calls of an alias')
    .addArgument(versionArgument('the version that is tried, as a number or an alias, such as fraud@5'));
  return addTrialOptions(command)
    .addOption(
      new Option(
        '--sticky <what>',
        'calls with one key, or one x-request-id, stay with a version; without it as it was, at first none',
      ).choices(['key', 'id', 'none']),
    )
    .action(async (reference: VersionReference, options: CanaryOptions) => {
      const { alias, percent, json } = options;
      const { releases, seen, version, details } = await findTrial('canary', reference, options);
      const before = seen.canary?.version === version && seen.canary.stopped === undefined ? seen.canary : undefined;
      const sticky = options.sticky ?? before?.sticky;
      const since = before?.since ?? new Date().toISOString();
      const canary: Canary = { version, percent, ...(sticky && sticky !== 'none' && { sticky }), since };
      const { canary: _before, ...rest } = seen;
      const target = percent > 0 ? { ...rest, canary } : rest;
      await changeAlias(releases, { alias, target, action: 'canary', version, details, json });
    });
}
