import type { Command } from 'commander';
import { aliasOption } from './alias-option.ts';
import { forceOption } from './force-option.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { parsePercent } from './parse-percent.ts';
import { requireSignatureOption } from './require-signature-option.ts';

const gate = `
The gate: callers of the alias's version can use this one, by the inputs and outputs of both. Where they cannot, nothing is changed, and the
exit code is 2.`;

/** What a command is told that tries a version on a part of an alias's calls. */
export interface TrialOptions {
  /** How much of the calls the version is to have; 0 ends what it is. */
  readonly percent: number;
  /** Whatever its schema is. */
  readonly force: boolean;
  readonly alias: string;
  readonly models: string;
  readonly requireSignature?: string;
  readonly json: boolean;
}

/** Has a command take `TrialOptions`. */
export function addTrialOptions(command: Command): Command {
  return command
    .requiredOption('--percent <percent>', 'how much of the calls, to 100; 0 ends it', parsePercent)
    .addOption(forceOption())
    .addOption(aliasOption())
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .addOption(jsonOption())
    .addHelpText('after', gate);
}
