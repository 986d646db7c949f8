import type { Tokenizer } from '../../ports/tokenizer.ts';
import type { FittedText } from './fit-tokens.ts';

/** Which of the tokens are the text's own: all but those put around it. */
export function ownTokens(tokenizer: Tokenizer, { ids, tokens, text }: FittedText) {
  const inner = tokenizer.encode(text, false).ids;
  const own = ids.length - (tokens - inner.length);
  const isAt = (at: number) => inner.slice(0, own).every((id, index) => ids[at + index] === id);
  let before = 0;
  while (before + own < ids.length && !isAt(before)) before += 1;
  return { before, own };
}
