import type { Branch } from './branch.ts';

/**
 * The values that `const` or `enum` of a branch name, which its other nodes may not all accept; undefined: it has
 * neither.
 */
export function literalsOf(branch: Branch): readonly unknown[] | undefined {
  for (const node of branch) {
    if (node.has('const')) return [node.value('const')];
    if (node.has('enum')) return node.list('enum');
  }
  return undefined;
}
