import { readFile } from 'node:fs/promises';
import { listNames } from '../src/core/list-names.ts';
import { csvColumn } from './csv-column.ts';
import { unreadable } from './unreadable.ts';

const column = 'text';

/**
 * The texts of a file: the column `text` of a `.csv`, or the lines of any other that are not empty. Rejects with an
 * Error where there are none.
 */
export async function readTexts(file: string): Promise<readonly string[]> {
  const content = (await readFile(file, 'utf8').catch(unreadable(file))).replace(/^\uFEFF/, '');
  const lines = () => content.split(/\r?\n/).filter((line) => line.trim() !== '');
  const texts = /\.csv$/i.test(file) ? columnOf(content, file) : lines();
  if (texts.length === 0) throw new Error(`${file}: expected texts, one a line, got none`);
  return texts;
}

function columnOf(content: string, file: string): readonly string[] {
  const { values, columns } = csvColumn(content, column);
  if (values) return values;
  throw new Error(`${file}: expected a column '${column}', got ${listNames(columns) || 'none'}`);
}
