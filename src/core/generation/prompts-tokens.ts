import { failureAt } from '../../protocol/failure-at.ts';
import { Pace } from '../pace/pace.ts';
import type { LanguageModel } from './language-model.ts';
import { promptTokens } from './prompt-tokens.ts';
import { promptTooLong } from './prompt-too-long.ts';

/**
 * The tokens of each prompt, with those that are put around a text, in turns with others where that takes long.
 *
 * Rejects as `promptTokens`; of several with the number of the one that is at fault, and also where one has too many
 * tokens: else that would be seen only once its turn comes, when those before it have been gone on with.
 */
export async function promptsTokens(
  model: Pick<LanguageModel, 'tokenizer' | 'maxPositions'>,
  prompts: readonly (string | readonly number[])[],
  signal: () => AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const [only] = prompts;
  if (only !== undefined && prompts.length === 1) return [await promptTokens(model, only, true, signal)];
  const found: (readonly number[])[] = [];
  const pace = new Pace();
  for (const [index, prompt] of prompts.entries()) {
    if (pace.isDue) await pace.giveWay();
    try {
      const tokens = await promptTokens(model, prompt, true, signal);
      const { maxPositions: most } = model;
      if (tokens.length >= most) throw promptTooLong(tokens.length, most, `${most} fit`);
      found.push(tokens);
    } catch (error) {
      throw failureAt(`prompt ${index}`, error);
    }
  }
  return found;
}
