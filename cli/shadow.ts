import { Command } from 'commander';
import { aliasOption } from './alias-option.ts';
import { changeAlias } from './change-alias.ts';
import { findTrial } from './find-trial.ts';
import { forceOption } from './force-option.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { parsePercent } from './parse-percent.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { trialGate } from './trial-gate.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

interface ShadowOptions {
  readonly percent: number;
  readonly force: boolean;
  readonly alias: string;
  readonly models: string;
  readonly requireSignature?: string;
  readonly json: boolean;
}

/** `tensorgate shadow`: a part of an alias's calls is answered by another version too, for comparison. */
export function shadowCommand(): Command {
  return new Command('shadow')
    .description('let a version answer a part of the calls of an alias too, to be compared and not returned')
    .addArgument(versionArgument('the version that is compared, as a number or an alias, such as fraud@5'))
    .requiredOption('--percent <percent>', 'how much of the calls, to 100; 0 ends it', parsePercent)
    .addOption(forceOption())
    .addOption(aliasOption())
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .addOption(jsonOption())
    .addHelpText('after', trialGate)
    .action(async (reference: VersionReference, options: ShadowOptions) => {
      const { percent, alias, json } = options;
      const { releases, seen, version, details } = await findTrial('shadow', reference, options);
      const { shadow: _before, ...rest } = seen;
      const target = percent > 0 ? { ...rest, shadow: { version, percent } } : rest;
      await changeAlias(releases, { alias, target, action: 'shadow', version, details, json });
    });
}
