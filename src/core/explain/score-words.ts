import type { Explanation } from './explanation.ts';

/** What number was explained, in words: a class by its name, with the output where the number stands in one. */
export function scoreWords({ target }: Pick<Explanation, 'target'>): string {
  const { of, output, index, label } = target;
  if (label === undefined) return `${output ?? 'number'}[${index}]`;
  return of !== 'answer' && output !== undefined ? `${label} (${output})` : label;
}
