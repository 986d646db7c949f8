import type { Form } from '../form.ts';
import { choice, literal, nothing, rule, sequence } from '../forms.ts';
import { separator, space } from '../json-text.ts';
import type { Lengths } from '../lengths-of.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Arrays of `values`, of JSON, each of which comes once at most: in their order, as any would be one of too many. */
export function unlikeItems(
  values: readonly string[],
  { least, most }: Lengths,
  rules: Pick<SchemaRules, 'keep'>,
  name: string,
): Form {
  // How many there are counts up to where it changes what may come.
  const counted = most < values.length ? most : Math.max(1, least);
  const restOf = (at: number, count: number) => `${name} from ${at}, ${Math.min(count, counted)}`;
  const end = sequence(space, literal(']'));
  for (let at = values.length; at >= 0; at -= 1) {
    for (let count = 0; count <= Math.min(at, counted); count += 1) {
      const one = sequence(separator(count === 0), literal(values[at] ?? ''), rule(restOf(at + 1, count + 1)));
      const isLast = at === values.length || count === most;
      const last = count >= least ? end : nothing;
      rules.keep(restOf(at, count), isLast ? last : choice(one, rule(restOf(at + 1, count))));
    }
  }
  return sequence(literal('['), rule(restOf(0, 0)));
}
