import { createHash } from 'node:crypto';

/** A digest of what a version's files are, whatever the order in which they were listed. */
export function digestOf(files: readonly (readonly [file: string, bytes: number, mark: string | number])[]): string {
  const sorted = files.map((file) => JSON.stringify(file)).sort();
  return createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 32);
}
