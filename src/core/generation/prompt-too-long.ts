import { ServiceError } from '../../protocol/service-error.ts';

/**
 * The failure of a prompt of so many tokens where there may be `most` together with its answer; `reason`: why so, in
 * words.
 */
export function promptTooLong(tokens: number, most: number, reason: string): ServiceError {
  return new ServiceError(
    400,
    `the prompt has ${tokens} tokens, and ${reason}, prompt and answer together: shorten it to ${most - 1} at most`,
    { code: 'context_length_exceeded' },
  );
}
