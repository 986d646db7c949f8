import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { libraryNeeds } from './library-needs.ts';

/** What Lambda's Node 24 runtime, Amazon Linux 2023, has. */
const provided = { GLIBC: '2.34', GLIBCXX: '3.4.29' };
/** A third of what a function and its layers may unpack to. */
const maxBytes = 80_000_000;

/** Throws where a layer is larger than it should be, or needs newer system libraries than Lambda has. */
export function checkLayer(folder: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (bytes > maxBytes) throw new Error(`The layer unpacks to ${bytes} bytes, over ${maxBytes}: prune its files`);

  for (const file of files.filter((name) => /\.(node|so(\.[0-9]+)*)$/.test(name))) {
    const needs = libraryNeeds(file);
    for (const [library, limit] of Object.entries(provided)) {
      const need = needs[library];
      if (need && need.localeCompare(limit, 'en', { numeric: true }) > 0)
        throw new Error(`${file} needs ${library} ${need}; Lambda's Node 24 runtime has ${limit}`);
    }
  }
}
