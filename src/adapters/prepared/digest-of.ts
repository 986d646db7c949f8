import { hexDigest } from '../hex-digest.ts';

/** A digest of what a version's files are, whatever the order in which they were listed. */
export function digestOf(files: readonly (readonly [file: string, bytes: number, mark: string | number])[]): string {
  const sorted = files.map((file) => JSON.stringify(file)).sort();
  return hexDigest(sorted.join('\n')).slice(0, 32);
}
