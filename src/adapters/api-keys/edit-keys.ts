import type { KeyFile } from './key-entry.ts';
import { openKeyFile } from './open-key-file.ts';
import { parseKeyFile } from './parse-key-file.ts';

/**
 * Changes a file of keys, whole or not at all; one that is not there yet is empty. Rejects, and leaves it, where it is
 * broken, or would be.
 */
export async function editKeys(uri: string, change: (keys: KeyFile['keys']) => KeyFile['keys']): Promise<void> {
  await openKeyFile(uri).change(async (text) => {
    const before =
      text === undefined
        ? { keys: [] }
        : await parseKeyFile(text).catch((error) => {
            throw new Error(`${uri}: ${error.message}`);
          });
    const content = `${JSON.stringify({ ...before, keys: change(before.keys) }, null, 2)}\n`;
    await parseKeyFile(content);
    return content;
  });
}
