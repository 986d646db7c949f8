import type { Branch } from './branch.ts';

/**
 * The values that `const` or `enum` of a branch name, which its other nodes may not all accept; undefined: it has
 * neither.
 */
export function literalsOf(branch: Branch): readonly unknown[] | undefined {
  for (const node of branch) {
    const values = node.values('const') ?? node.values('enum');
    if (values !== undefined) return values;
  }
  return undefined;
}
