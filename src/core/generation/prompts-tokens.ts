import { Pace } from '../pace/pace.ts';
import type { LanguageModel } from './language-model.ts';
import { promptTokens } from './prompt-tokens.ts';

/** The tokens of each prompt, with those that are put around a text, in turns with others where that takes long. Rejects as `promptTokens`. */
export async function promptsTokens(
  model: Pick<LanguageModel, 'tokenizer' | 'maxPositions'>,
  prompts: readonly (string | readonly number[])[],
  signal: () => AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = [];
  const pace = new Pace();
  for (const prompt of prompts) {
    if (pace.isDue) await pace.giveWay();
    found.push(await promptTokens(model, prompt, true, signal));
  }
  return found;
}
