import { allBut, characterForm } from '../character-set.ts';
import type { Form } from '../form.ts';
import { choice, literal, nothing, repeat, sequence } from '../forms.ts';

/** Characters that such a key may have. */
const maxLength = 64;
/** Those of a key that is written without a backslash: a key must not spell a name in another way. */
const written = allBut([
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
]);

const writtenCharacter = characterForm(written);

/** A key, in its quotes, that is none of the names. */
export function otherKey(names: readonly string[]): Form {
  return sequence(
    literal('"'),
    sequence(
      otherThan(
        names.filter((name) => Array.from(name).length <= maxLength),
        0,
      ),
      literal('"'),
    ),
  );
}

/** What may follow the first `at` characters that all names have in common, so that it becomes none of them. */
function otherThan(names: readonly string[], at: number): Form {
  const end: Form = names.some((name) => Array.from(name).length === at) ? nothing : sequence();
  if (at === maxLength) return end;
  const following = Map.groupBy(
    names.filter((name) => Array.from(name).length > at),
    (name) => Array.from(name)[at]?.codePointAt(0) ?? 0,
  );
  const codes = [...following.keys()];
  const unlike = allBut([...allBut(written), ...codes.map((code) => [code, code] as const)]);
  const same = codes
    .filter((code) => written.some(([low, high]) => code >= low && code <= high))
    .map((code) => sequence(characterForm([[code, code]]), otherThan(following.get(code) ?? [], at + 1)));
  return choice(end, sequence(characterForm(unlike), repeat(writtenCharacter, 0, maxLength - at - 1)), ...same);
}
