import type { Decoder } from '../../ports/decoder.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { promptTooLong } from './prompt-too-long.ts';

/** Throws ServiceError 400 for a prompt that a decoder cannot go on with. */
export function checkPrompt(prompt: readonly number[], { vocabulary, maxPositions, mostTokens }: Decoder): void {
  if (prompt.length === 0) throw new ServiceError(400, 'the prompt has no tokens: send at least one');
  const unknown = prompt.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary);
  if (unknown !== undefined) {
    throw new ServiceError(400, `expected tokens from 0 to ${vocabulary - 1} in the prompt, got ${unknown}`);
  }
  if (prompt.length < mostTokens) return;
  const reason =
    mostTokens < maxPositions
      ? `the room for caches (task.cacheBytes) is for ${mostTokens} of the ${maxPositions} that the model takes`
      : `the model takes ${mostTokens}`;
  throw promptTooLong(prompt.length, mostTokens, reason);
}
