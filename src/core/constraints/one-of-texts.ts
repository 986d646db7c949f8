import type { Form } from './form.ts';
import { choice, empty, literal, sequence } from './forms.ts';

/** One of some texts. What they begin with in common stands once, so that each character leaves few to choose from. */
export function oneOfTexts(texts: readonly string[]): Form {
  return tree([...new Set(texts)].sort(), 0);
}

/** What may follow the first `at` characters, which all of the sorted texts have in common. */
function tree(texts: readonly string[], at: number): Form {
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  if (texts.length === 1) return literal(first.slice(at));
  let shared = at;
  while (shared < first.length && first[shared] === last[shared]) shared += 1;
  // Between the halves of a pair there is no boundary of characters.
  if (isSecondHalf(first, shared) || isSecondHalf(last, shared)) shared -= 1;
  const groups = Map.groupBy(texts, (text) => String.fromCodePoint(...codesAt(text, shared)));
  const among = [...groups].map(([begin, group]) => (begin === '' ? empty : tree(group, shared)));
  return sequence(literal(first.slice(at, shared)), choice(...among));
}

function codesAt(text: string, at: number): readonly number[] {
  const code = text.codePointAt(at);
  return code === undefined ? [] : [code];
}

function isSecondHalf(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff;
}
