import { locateFile } from '../batch/locate-file.ts';
import { openFolder } from '../batch/open-folder.ts';
import { recordFormatOf } from '../batch/record-format-of.ts';
import { chatField } from './read-chats.ts';
import { tableColumns } from './table-columns.ts';

/**
 * What is told by rows in the usual forms of fine-tuning: conversations, texts with a label, prompts with their
 * completion.
 */
const usual = [chatField, 'label', 'completion'];

/**
 * The column that is to be told, where the columns of a file say that by their names; undefined where there is no such
 * file. Rejects with an Error where they do not.
 */
export async function evidentTarget(uri: string, scratch: string): Promise<string | undefined> {
  const { store, key } = locateFile(uri.replace(/\/+$/, ''));
  const file = await store.find(key);
  if (!file) return undefined;
  const { format } = recordFormatOf(key, { work: openFolder(scratch) });
  const columns = (await tableColumns(format, store, file)) ?? [];
  const target = usual.find((name) => columns.includes(name));
  if (target !== undefined) return target;
  const had = columns.length > 0 ? `; it has ${columns.map((name) => `'${name}'`).join(', ')}` : '';
  throw new Error(
    `${uri} has none of the columns ${usual.join(', ')}: say by --target which column it is to tell${had}`,
  );
}
