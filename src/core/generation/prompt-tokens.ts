import { ServiceError } from '../../protocol/service-error.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import { Slots } from '../slots.ts';
import { untilAborted } from '../until-aborted.ts';
import { checkPromptLength } from './check-prompt-length.ts';
import type { LanguageModel } from './language-model.ts';

/** Characters whose tokens are found within some milliseconds. */
const shortPrompt = 16_384;
/** Longer ones have one thread, one after the other, so that runs keep the others. */
const longPrompts = new Slots(1);

/**
 * The tokens of a prompt: a text, or what are tokens already. `isWhole`: with the tokens that are put around a text.
 *
 * Rejects with 400 for tokens that there are not, and for a text that is too long for the model however its tokens are:
 * it would take seconds to find them; with 504 once `signal` aborts.
 */
export async function promptTokens(
  { tokenizer, maxPositions }: Pick<LanguageModel, 'tokenizer' | 'maxPositions'>,
  prompt: string | readonly number[],
  isWhole: boolean,
  signal: () => AbortSignal,
): Promise<readonly number[]> {
  if (typeof prompt !== 'string') {
    const strange = prompt.find((id) => id >= tokenizer.vocabulary);
    if (strange === undefined) return prompt;
    const message = `expected tokens of 0 to ${tokenizer.vocabulary - 1}, got ${strange}`;
    throw new ServiceError(400, message, { field: 'prompt' });
  }
  checkPromptLength(prompt.length, maxPositions);
  const left = signal();
  const encoded = async () => (await tokenizer.encode(prompt, isWhole)).ids;
  const unlessLeft = async () => {
    if (left.aborted) throw cancelledRequest();
    return encoded();
  };
  const found = prompt.length > shortPrompt ? longPrompts.run(unlessLeft) : encoded();
  return untilAborted(found, left, 'the tokens of the prompt were not found');
}
