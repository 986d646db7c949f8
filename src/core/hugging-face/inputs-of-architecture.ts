import { architectures } from './architectures.ts';

/**
 * The inputs by which models of a class have a task: one of them is to be there; undefined: it has one, of any name.
 * None where there is no task for it.
 */
export function inputsOfArchitecture(architecture: string): readonly (string | undefined)[] {
  return architectures.flatMap(([end, input]) => (end.test(architecture) ? [input] : []));
}
