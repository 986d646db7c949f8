import type { Explanation } from './explanation.ts';

/**
 * What number was explained, in words.
 *
 * @param isOutput whether it is as the graph has it: a task may make a probability of what an output says
 */
export function scoreWords({ target }: Pick<Explanation, 'target'>, isOutput: boolean): string {
  const { output, index, label } = target;
  if (label === undefined) return `${output ?? 'number'}[${index}]`;
  return isOutput && output !== undefined ? `${label} (${output})` : label;
}
