import { recordChange } from '../audit/record-change.ts';
import { nearestWord } from '../nearest-word.ts';
import { checkChange } from './check-change.ts';
import { editKeys } from './edit-keys.ts';
import type { KeyEntry } from './key-entry.ts';
import { policiesFile } from './policies-file.ts';

/** Changes of a file of keys, at a path or URI; of one that belongs to a model repository, its audit log has a line of each. */
export const changePolicies = {
  /** Rejects where there is one of that name. */
  async add(uri: string, entry: KeyEntry): Promise<void> {
    await check(uri);
    await editKeys(uri, (keys) => {
      if (keys.some(({ name }) => name === entry.name))
        throw new Error(`${uri} has a key '${entry.name}' already: revoke it, or choose another name`);
      return [...keys, entry];
    });
    await record(uri, 'keys create', shown(entry));
  },

  /** Makes another policy of the one of that name. Rejects where there is none, or where it would be none any more. */
  async change(uri: string, name: string, change: (before: KeyEntry) => KeyEntry): Promise<void> {
    await check(uri);
    let details = {};
    await editKeys(uri, (keys) => {
      const before = keys.find((key) => key.name === name);
      if (!before) throw unknownKey(uri, name, keys);
      const after = change(before);
      details = { name, before: shown(before), after: shown(after) };
      return keys.map((key) => (key === before ? after : key));
    });
    await record(uri, 'keys set', details);
  },

  /** Rejects where there is none of that name. */
  async remove(uri: string, name: string): Promise<void> {
    await check(uri);
    await editKeys(uri, (keys) => {
      const left = keys.filter((key) => key.name !== name);
      if (left.length === keys.length) throw unknownKey(uri, name, keys);
      return left;
    });
    await record(uri, 'keys revoke', { name });
  },

  unknownKey,
};

/** Without what tells a key. */
function shown({ sha256: _, ...entry }: KeyEntry): Omit<KeyEntry, 'sha256'> {
  return entry;
}

function unknownKey(uri: string, name: string, keys: readonly KeyEntry[]): Error {
  const names = keys.map((key) => key.name);
  const near = nearestWord(name, names);
  return new Error(
    `no key '${name}' in ${uri}; ${near ? `did you mean '${near}'?` : `it has ${names.join(', ') || 'none'}`}`,
  );
}

async function check(uri: string): Promise<void> {
  const root = policiesFile.rootOf(uri);
  if (root !== undefined) await checkChange(root, 'admin', undefined);
}

async function record(uri: string, action: string, details: object): Promise<void> {
  const root = policiesFile.rootOf(uri);
  if (root !== undefined) await recordChange(root, { action, details: { ...details } });
}
