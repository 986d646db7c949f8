import type { Served } from '../ports/served.ts';
import type { InferenceContext } from './inference-context.ts';

/** The tokens of a request that was answered; nothing where it had none. */
export function tokensOf({ tokens }: InferenceContext): Pick<Served, 'tokens'> {
  return tokens ? { tokens } : {};
}
