import { readFile } from 'node:fs/promises';
import { jsonIn } from '../src/protocol/json-in.ts';
import type { ItemInput } from './item-input.ts';
import { readText } from './read-text.ts';
import { unreadable } from './unreadable.ts';

/**
 * An item as it is given on the command line: a text, columns in JSON, the path of a file; `@` begins the path of a
 * file that has the text or the JSON. Rejects with what is wrong.
 */
export async function readItem(word: string, takes: ItemInput): Promise<unknown> {
  if (takes === 'file') {
    const file = word.startsWith('@') ? word.slice(1) : word;
    return (await readFile(file).catch(unreadable(file))).toString('base64');
  }
  const text = await readText(word);
  if (takes === 'columns') return columnsOf(text);
  // Pairs, and sentences to compare, are objects; any other text is itself.
  const value = /^\s*\{/.test(text) ? jsonIn(text) : undefined;
  return value ?? text;
}

function columnsOf(text: string): unknown {
  const value = jsonIn(text);
  if (typeof value === 'object' && value !== null) return value;
  const shown = text.slice(0, 40);
  throw new Error(`expected columns as JSON, such as '{"age": 31}', or [31, …] in order, got '${shown}'`);
}
