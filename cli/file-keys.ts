import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { editKeys } from '../src/adapters/api-keys/edit-keys.ts';
import { hashKey } from '../src/adapters/api-keys/hash-key.ts';
import { defaultActions, type KeyEntry } from '../src/adapters/api-keys/key-entry.ts';
import { parseKeyFile } from '../src/adapters/api-keys/parse-key-file.ts';
import { nearestWord } from '../src/adapters/nearest-word.ts';
import { printTable } from './print-table.ts';

/** The keys in a file, for a server that stands alone: `serve --api-keys FILE`. */
export const fileKeys = {
  /** Makes a key, keeps its hash, and returns it: nobody can read it again. */
  async create(path: string, entry: Omit<KeyEntry, 'sha256'>): Promise<string> {
    const key = `tg_${randomBytes(32).toString('base64url')}`;
    await editKeys(path, (keys) => {
      if (keys.some(({ name }) => name === entry.name))
        throw new Error(`${path} has a key '${entry.name}' already: revoke it, or choose another name`);
      return [...keys, { ...entry, sha256: hashKey(key).toString('hex') }];
    });
    return key;
  },

  async list(path: string, json: boolean): Promise<void> {
    const { keys } = await parseKeyFile(await readFile(path, 'utf8'));
    const rows = keys.map(({ sha256: _, ...shown }) => shown);
    if (json) console.log(JSON.stringify(rows, null, 2));
    else if (rows.length === 0) console.log(`no keys in ${path}; tensorgate keys create NAME --file ${path} makes one`);
    else
      printTable(
        ['NAME', 'MODELS', 'ACTIONS', 'EXPIRES'],
        rows.map(({ name, models, actions = defaultActions, expires = 'never' }) => [
          name,
          models?.join(', ') ?? 'all',
          actions.join(', '),
          expires,
        ]),
      );
  },

  async revoke(path: string, name: string): Promise<void> {
    await editKeys(path, (keys) => {
      const left = keys.filter((key) => key.name !== name);
      if (left.length < keys.length) return left;
      const names = keys.map((key) => key.name);
      const near = nearestWord(name, names);
      throw new Error(
        `no key '${name}' in ${path}; ${near ? `did you mean '${near}'?` : `it has ${names.join(', ') || 'none'}`}`,
      );
    });
  },
};
