import type { NamedToken, NamedWords } from './flow.ts';
import { shortNumber } from './short-number.ts';

/**
 * Tokens in a row whose classes are of one kind as one, with the mean of their scores; `B-` begins another.
 *
 * Source: transformers, TokenClassificationPipeline.group_entities.
 *
 * @param join the text of tokens
 */
export function groupTokens(
  tokens: readonly NamedToken[],
  join: (tokens: readonly string[]) => string,
): readonly NamedWords[] {
  const groups: NamedToken[][] = [];
  for (const token of tokens) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const goesOn = before && kindOf(before.entity) === kindOf(token.entity) && !token.entity.startsWith('B-');
    if (group && goesOn) group.push(token);
    else groups.push([token]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0], group.at(-1)] as [NamedToken, NamedToken];
    const score = group.reduce((sum, token) => sum + token.score, 0) / group.length;
    return {
      entity_group: kindOf(first.entity),
      score: shortNumber(Math.fround(score)),
      word: join(group.map(({ word }) => word)),
      start: first.start,
      end: last.end,
    };
  });
}

/** A class without what says that it begins or goes on. */
function kindOf(entity: string): string {
  return entity.replace(/^[BI]-/, '');
}
