import { readFile, stat } from 'node:fs/promises';
import { replaceFile } from '../replace-file.ts';
import type { KeyFile } from './key-entry.ts';
import { parseKeyFile } from './parse-key-file.ts';

/** Changes a file of keys, whole or not at all; one that is not there yet is empty. Rejects, and leaves it, where it is broken, or would be. */
export async function editKeys(path: string, change: (keys: KeyFile['keys']) => KeyFile['keys']): Promise<void> {
  const before = await readFile(path, 'utf8').then(parseKeyFile, (error) => {
    if (error.code === 'ENOENT') return { keys: [] };
    throw error;
  });
  const content = `${JSON.stringify({ ...before, keys: change(before.keys) }, null, 2)}\n`;
  await parseKeyFile(content);
  const mode = await stat(path).then(
    (found) => found.mode,
    () => 0o600,
  );
  await replaceFile(path, content, mode);
}
