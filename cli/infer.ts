import { Command } from 'commander';
import { inferLocally } from './infer-locally.ts';
import type { InferOptions } from './infer-options.ts';
import { inferRemotely } from './infer-remotely.ts';
import { modelsOption } from './models-option.ts';
import { printOutputs } from './print-outputs.ts';
import { urlOption } from './url-option.ts';

/** `tensorgate infer`: one run of a model, in this process or by a server. */
export function inferCommand(): Command {
  const repeated = (value: string, earlier: readonly string[]) => [...earlier, value];
  return new Command('infer')
    .description('run a model once, in this process or by a server')
    .argument('<model>', 'the name of the model')
    .option('--version <version>', 'a version or an alias; what a server would choose without it')
    .addOption(modelsOption())
    .addOption(urlOption())
    .option(
      '--input <name=value>',
      'an input, as JSON (text needs no quotes), or name=@file.json, or name=@file.npy; repeat for more',
      repeated,
      [],
    )
    .option('--output <name>', 'an output to answer, all without it; repeat for more', repeated, [])
    .option('--json', 'print JSON, with all values', false)
    .action(async (model: string, options: InferOptions) => {
      const { url } = options;
      const response = url === undefined ? inferLocally(model, options) : inferRemotely(url, model, options);
      printOutputs(await response, options.json);
    });
}
