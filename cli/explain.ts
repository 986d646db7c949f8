import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { methods } from '../src/core/explain/methods.ts';
import { mostEvaluations } from '../src/core/explain/most-evaluations.ts';
import { askExplanation } from './ask-explanation.ts';
import type { ExplainCommandOptions } from './explain-options.ts';
import { fileToWrite } from './file-to-write.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { printExplanation, type ToldExplanation } from './print-explanation.ts';
import { repeated } from './repeated.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { urlOption } from './url-option.ts';
import { wholeNumber } from './whole-number.ts';

/** `tensorgate explain`: what parts of an item had which part in a model's answer, in this process or by a server. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('say what parts of an item had which part in what a model answers to it')
    .addArgument(modelArgument())
    .argument(
      '[item]',
      "what the model's task takes, in place of --input: a text, the path of a file, columns as JSON; @<file> has the text or the JSON",
    )
    .addOption(modelsOption())
    .addOption(urlOption())
    .addOption(requireSignatureOption())
    .option('--input <name=value>', 'a row of an input, as of infer; repeat for more', repeated, [])
    .addOption(new Option('--method <name>', 'exact or sampled Shapley values without it').choices(methods))
    .option(
      '--target <class>',
      'the class, by its name or else its place, or the place of the number, that is explained; that with the highest score without it',
    )
    .option(
      '--baseline <value>',
      'what stands for what is left out: a row or rows of columns as JSON, a text, mean or zeros of pictures; @<file> has it',
    )
    .option('--samples <n>', 'inputs that are drawn', wholeNumber(1, mostEvaluations))
    .option('--seed <n>', 'of what is drawn', wholeNumber(0, 2 ** 31 - 1))
    .option('--max-evaluations <n>', 'rows that the model may be run on', wholeNumber(2, mostEvaluations))
    .option('--parameters <json>', 'others, such as \'{"parts": 12}\'')
    .option('--draw <file>', 'write the chart (SVG) or the heat map (PNG) there', chartOrMapToWrite)
    .option('--json', 'print JSON, with all there is', false)
    .action(async (model: ModelReference, item: string | undefined, options: ExplainCommandOptions) => {
      const answer = (await askExplanation(model, item, options)) as ToldExplanation;
      if (options.draw !== undefined) await writeFile(options.draw, drawingOf(answer, options.draw));
      printExplanation(answer, options.json);
    });
}

/** Which of them it has to be is known from what is explained. */
function chartOrMapToWrite(path: string): string {
  const file = fileToWrite(path);
  if (['.svg', '.png'].includes(extname(file).toLowerCase())) return file;
  throw new InvalidArgumentError('A chart is SVG, and a heat map is PNG: a file that ends in .svg, or in .png.');
}

function drawingOf({ chart, heat_map: picture }: ToldExplanation, file: string): string | Uint8Array {
  const ending = chart === undefined ? '.png' : '.svg';
  if (extname(file).toLowerCase() !== ending)
    throw new Error(
      `--draw: ${chart === undefined ? 'a heat map is PNG' : 'a chart is SVG'}, for a file that ends in ${ending}`,
    );
  if (chart !== undefined) return chart;
  if (picture) return Buffer.from(picture.image, 'base64');
  throw new Error(
    '--draw: there is a chart of features, of bytes or of a sound, and a heat map of a picture, and none of this',
  );
}
