import { readFileSync } from 'node:fs';

/** The newest versions of the system's libraries that a native file asks for, such as `{ GLIBC: '2.28' }`. */
export type LibraryNeeds = Readonly<Record<string, string>>;

/** Reads what a native Linux file needs of glibc and of the C++ library: its version symbols stand in it as text. */
export function libraryNeeds(file: string): LibraryNeeds {
  const text = readFileSync(file).toString('latin1');
  const needs: Record<string, string> = {};
  for (const [, library = '', version = ''] of text.matchAll(/\0(GLIBC|GLIBCXX)_([0-9]+(?:\.[0-9]+)+)(?=\0)/g)) {
    if (isNewer(version, needs[library] ?? '0')) needs[library] = version;
  }
  return needs;
}

function isNewer(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}
