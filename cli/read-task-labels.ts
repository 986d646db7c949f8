import { readFile } from 'node:fs/promises';
import type { TaskLabels } from '../src/core/factory/task-of-labels.ts';
import { labelLines } from '../src/core/label-lines.ts';
import { listNames } from '../src/core/list-names.ts';
import { csvColumn } from './csv-column.ts';
import type { FilesToPush } from './files-to-push.ts';
import { labelColumn } from './label-column.ts';
import { unreadable } from './unreadable.ts';

const namesFile = 'labels.txt';

/**
 * The column `label` of a CSV file, a row for each sample, and the names of classes where `labels.txt` beside the model
 * has them. Rejects with an Error where there is no such column.
 */
export async function readTaskLabels(file: string, { files }: FilesToPush): Promise<TaskLabels> {
  const text = await readFile(file, 'utf8').catch(unreadable(file));
  const { values: labels, columns } = csvColumn(text, labelColumn);
  if (!labels) throw new Error(`${file}: expected a column '${labelColumn}', got ${listNames(columns) || 'none'}`);
  const beside = files.get(namesFile);
  const names = beside && labelLines(await readFile(beside, 'utf8'));
  return { labels, names: names || undefined };
}
