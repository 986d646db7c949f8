import { readFile } from 'node:fs/promises';
import { unreadable } from './unreadable.ts';

/** A text as it is given on the command line: itself, or, behind `@`, the path of a file that has it. */
export async function readText(word: string): Promise<string> {
  if (!word.startsWith('@')) return word;
  const path = word.slice(1);
  return readFile(path, 'utf8').catch(unreadable(path));
}
