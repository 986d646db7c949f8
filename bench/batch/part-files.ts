import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a job's results, in order. */
export function partFiles(out: string): readonly string[] {
  const names = readdirSync(out).filter((name) => name.startsWith('part-'));
  return names.sort().map((name) => join(out, name));
}
