import { Command } from 'commander';
import { inferItems } from './infer-items.ts';
import { inferLocally } from './infer-locally.ts';
import type { InferOptions } from './infer-options.ts';
import { inferRemotely } from './infer-remotely.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { printOutputs } from './print-outputs.ts';
import { printPredictions } from './print-predictions.ts';
import { repeated } from './repeated.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { urlOption } from './url-option.ts';
import { UsageError } from './usage-error.ts';

/** `tensorgate infer`: one answer of a model, in this process or by a server: to tensors, or to what its task takes. */
export function inferCommand(): Command {
  return new Command('infer')
    .description('ask a model once, in this process or by a server')
    .addArgument(modelArgument())
    .argument(
      '[items...]',
      "what the model's task takes, in place of --input: a text, the path of a file, columns as JSON; @<file> has the text or the JSON",
    )
    .addOption(modelsOption())
    .addOption(urlOption())
    .addOption(requireSignatureOption())
    .option(
      '--input <name=value>',
      'an input, as JSON (text needs no quotes), or name=@file.json, or name=@file.npy; repeat for more',
      repeated,
      [],
    )
    .option('--output <name>', 'an output to answer, all without it; repeat for more', repeated, [])
    .option('--parameters <json>', "of the model's task, such as '{\"top_k\": 3}'")
    .option('--json', 'print JSON, with all values', false)
    .action(async (model: ModelReference, items: readonly string[], options: InferOptions) => {
      const { url } = options;
      if (items.length > 0) {
        printPredictions(await inferItems(model, items, options), items, options.json);
        return;
      }
      if (options.parameters !== undefined) throw new UsageError('--parameters are of items for the task of the model');
      const response = url === undefined ? inferLocally(model, options) : inferRemotely(url, model, options);
      printOutputs(await response, options.json);
    });
}
