import type { Command } from 'commander';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import type { ProvenanceOptions } from './provenance.ts';
import { type PushedAs, pushedAs } from './pushed-as.ts';
import { signingKeyWords } from './signing-key-words.ts';

/** What the options of `withStoringOptions` are parsed to. */
export interface StoringOptions extends ProvenanceOptions {
  readonly name: PushedAs;
  readonly sign?: string;
  readonly models: string;
  readonly json: boolean;
}

/** The options of commands that store a version, of which whoever gives them knows where it comes from. */
export function withStoringOptions(command: Command): Command {
  return command
    .requiredOption(
      '--name <model[@number]>',
      'the model that it is a version of, and the number; one more than the newest without it',
      pushedAs,
    )
    .option('--sign <key>', `sign it too, with ${signingKeyWords}`)
    .option('--training-job <id>', 'what made it, for its manifest')
    .option('--metrics <file>', 'how good it is, for its manifest: a JSON object')
    .option('--licence <name>', 'under what it may be used, for its manifest')
    .option('--notes <file>', 'a model card, for its manifest: a text')
    .addOption(modelsOption())
    .addOption(jsonOption());
}
