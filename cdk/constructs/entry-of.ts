import { join } from 'node:path';

/** The file of `functions/` that exports a function's `handler`. */
export function entryOf(name: string): string {
  return join(import.meta.dirname, `../../functions/${name}.ts`);
}
