import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { readRecipe } from '../src/adapters/training/read-recipe.ts';
import { expandFields } from '../src/core/batch/expand-fields.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { tellTrained } from './tell-trained.ts';
import { trainNew } from './train-new.ts';
import type { TrainOptions } from './train-options.ts';
import { unreadable } from './unreadable.ts';

const explanation = `
Rows are parted with a seed, each class alike: most to train with, some to stop by, some to measure by. Rows that are the same stay in one part. What cannot be learned
from is refused with the numbers of its rows, of which the first is 1 and a header none. The same data, recipe and seed give the same bytes.`;

/** `tensorgate train`: a version of a model that has learned from rows of data. */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'train a model on rows of data, measure it by rows that it did not learn from, and store it as a version',
    )
    .argument('<model>', 'what it is to be called')
    .requiredOption('--data <file>', 'rows to learn from, here or at s3://<bucket>/<key>: .csv, .tsv, .jsonl, .parquet')
    .option('--test <file>', 'rows to measure by; a part of the others without it')
    .requiredOption('--target <column>', 'the column with the class, or the number, that is to be told')
    .option('--columns <names>', 'the columns to tell it by, such as p0..p63,age; all others without it', columnNames)
    .addOption(
      new Option('--new <network>', 'make a small network')
        .choices(['mlp', 'cnn', 'logistic', 'linear'])
        .makeOptionMandatory(),
    )
    .option('--recipe <file>', 'a recipe.json that says how (docs/training.md)')
    .option('--svg <file>', 'where to draw the curve and the confusion matrix; train-<model>.svg without it')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(train);
}

function columnNames(text: string): readonly string[] {
  return text.split(',').flatMap(expandFields);
}

async function train(model: string, options: TrainOptions): Promise<void> {
  await checkChange(options.models, 'push', model);
  const recipe = options.recipe === undefined ? {} : await recipeOf(options.recipe);
  const signal = interruptSignal();
  await inScratchFolder(async (scratch) => {
    const trained = await trainNew(model, options, { recipe, scratch, signal });
    await tellTrained(model, trained, options);
  });
}

async function recipeOf(file: string) {
  return readRecipe(await readFile(file, 'utf8').catch(unreadable(file)), file);
}
