import type { Tokenizer } from '../../ports/tokenizer.ts';
import { TokenizerThread } from './tokenizer-thread.ts';

/** Finds the tokens of long texts by a tokenizer.json on a thread of its own. */
export function encodeOnThread(json: string): Tokenizer['encodeAside'] {
  const thread = new TokenizerThread(json);
  return (...asked) => thread.encode(...asked);
}
