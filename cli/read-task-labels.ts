import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { TaskLabels } from '../src/core/factory/task-of-labels.ts';
import { labelLines } from '../src/core/label-lines.ts';
import type { FilesToPush } from './files-to-push.ts';
import { unreadable } from './unreadable.ts';

const column = 'label';
const namesFile = 'labels.txt';

/**
 * The column `label` of a CSV file, a row for each sample, and the names of classes where `labels.txt` beside the model has them. Rejects with an Error where there is
 * no such column.
 */
export async function readTaskLabels(file: string, { files }: FilesToPush): Promise<TaskLabels> {
  const text = await readFile(file, 'utf8').catch(unreadable(file));
  const { data, meta } = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  if (!meta.fields?.includes(column))
    throw new Error(`${file}: expected a column '${column}', got ${meta.fields?.join(', ') || 'none'}`);
  const beside = files.get(namesFile);
  const names = beside && labelLines(await readFile(beside, 'utf8'));
  return { labels: data.map((row) => row[column] ?? ''), names: names || undefined };
}
