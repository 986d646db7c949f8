import { compileSchema } from '../compile-schema.ts';
import { parseSettings } from '../directory-model-store/parse-settings.ts';
import { explainSchemaErrors } from '../explain-schema-errors.ts';
import type { RecipeFile } from './recipe.ts';
import { recipeSchema } from './recipe-schema.ts';

/** What the text of a `recipe.json` says. Rejects with an Error that says what is wrong with it. */
export async function readRecipe(text: string, label: string): Promise<RecipeFile> {
  const validate = await compileSchema<RecipeFile & { readonly $schema?: string }>(recipeSchema);
  let content: unknown;
  try {
    content = parseSettings(text);
  } catch (error) {
    throw new Error(`${label}: ${(error as Error).message}`);
  }
  if (!validate(content)) throw new Error(`${label}: ${explainSchemaErrors(validate.errors ?? [])}`);
  const { $schema, ...recipe } = content;
  const { validation = 0, test = 0 } = recipe.split ?? {};
  if (validation + test >= 1) throw new Error(`${label}: 'split': nothing is left to train with`);
  const { optimizer } = recipe;
  if (optimizer?.kind === 'sgd' && optimizer.nesterov && !optimizer.momentum)
    throw new Error(`${label}: 'optimizer.nesterov': expected a momentum above 0 beside it, which it looks ahead by`);
  return recipe;
}
