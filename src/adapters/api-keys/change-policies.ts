import type { Change } from '../audit/change-record.ts';
import { recordedChange } from '../audit/recorded-change.ts';
import { nearHint } from '../near-hint.ts';
import { checkChange } from './check-change.ts';
import { editKeys } from './edit-keys.ts';
import type { KeyEntry } from './key-entry.ts';
import { policiesFile } from './policies-file.ts';

/**
 * Changes of a file of keys, at a path or URI; of one that belongs to a model repository, its audit log has a line of
 * each.
 */
export const changePolicies = {
  /** Rejects where there is one of that name. */
  async add(uri: string, entry: KeyEntry): Promise<void> {
    await check(uri);
    await recorded(uri, { action: 'keys create', details: { ...shown(entry) } }, async () => {
      await editKeys(uri, (keys) => {
        if (keys.some(({ name }) => name === entry.name))
          throw new Error(`${uri} has a key '${entry.name}' already: revoke it, or choose another name`);
        return [...keys, entry];
      });
      return {};
    });
  },

  /** Makes another policy of the one of that name. Rejects where there is none, or where it would be none any more. */
  async change(uri: string, name: string, change: (before: KeyEntry) => KeyEntry): Promise<void> {
    await check(uri);
    await recorded(uri, { action: 'keys set', details: { name } }, async () => {
      let details = {};
      await editKeys(uri, (keys) => {
        const before = keys.find((key) => key.name === name);
        if (!before) throw unknownKey(uri, name, keys);
        const after = change(before);
        details = { name, before: shown(before), after: shown(after) };
        return keys.map((key) => (key === before ? after : key));
      });
      return { details };
    });
  },

  /** Rejects where there is none of that name. */
  async remove(uri: string, name: string): Promise<void> {
    await check(uri);
    await recorded(uri, { action: 'keys revoke', details: { name } }, async () => {
      await editKeys(uri, (keys) => {
        const left = keys.filter((key) => key.name !== name);
        if (left.length === keys.length) throw unknownKey(uri, name, keys);
        return left;
      });
      return {};
    });
  },

  unknownKey,
};

/** Without what tells a key. */
function shown({ sha256: _, ...entry }: KeyEntry): Omit<KeyEntry, 'sha256'> {
  return entry;
}

function unknownKey(uri: string, name: string, keys: readonly KeyEntry[]): Error {
  const names = keys.map((key) => key.name);
  return new Error(`no key '${name}' in ${uri}; ${nearHint(name, names)}`);
}

async function check(uri: string): Promise<void> {
  const root = policiesFile.rootOf(uri);
  if (root !== undefined) await checkChange(root, 'admin', undefined);
}

async function recorded(uri: string, change: Change, edit: () => Promise<Partial<Change>>): Promise<void> {
  const root = policiesFile.rootOf(uri);
  // A key that has become known to others must go, whatever cannot be written.
  if (root !== undefined) await recordedChange(root, change, edit, { isRescue: change.action === 'keys revoke' });
  else await edit();
}
