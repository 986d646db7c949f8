import { ServiceError } from '../../protocol/service-error.ts';

/** Characters that tokens have at most, one with another: texts have four or so. */
const mostPerToken = 16;

/** Throws 400 for more characters than the tokens that a model takes may have. */
export function checkPromptLength(characters: number, maxPositions: number): void {
  if (characters <= mostPerToken * maxPositions) return;
  throw new ServiceError(
    400,
    `the prompt has ${characters} characters, too many for the ${maxPositions} tokens that the model takes; send a shorter one`,
    { code: 'context_length_exceeded' },
  );
}
