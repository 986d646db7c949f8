import { changePolicies } from '../src/adapters/api-keys/change-policies.ts';
import { hashKey } from '../src/adapters/api-keys/hash-key.ts';
import type { KeyEntry, Policy } from '../src/adapters/api-keys/key-entry.ts';
import { newKey } from '../src/adapters/api-keys/new-key.ts';
import { openKeyFile } from '../src/adapters/api-keys/open-key-file.ts';
import { parseKeyFile } from '../src/adapters/api-keys/parse-key-file.ts';
import { policyCells, policyColumns } from './policy-cells.ts';
import { printTable } from './print-table.ts';

/** The keys in a file, at a path or an s3:// URI: of `serve --api-keys`. */
export const fileKeys = {
  /** Makes a key, keeps its hash, and returns it: nobody can read it again. */
  async create(uri: string, policy: Policy): Promise<string> {
    const key = newKey();
    await changePolicies.add(uri, { ...policy, sha256: hashKey(key).toString('hex') });
    return key;
  },

  async list(uri: string, json: boolean): Promise<void> {
    const rows = (await read(uri)).map(shown);
    if (json) console.log(JSON.stringify(rows, null, 2));
    else if (rows.length === 0) console.log(`no keys in ${uri}; tensorgate keys create NAME --file ${uri} makes one`);
    else
      printTable(
        ['NAME', 'PRINCIPAL', ...policyColumns],
        rows.map((entry) => [entry.name, entry.principal ?? '-', ...policyCells(entry)]),
      );
  },

  /** Prints what a key or principal may do. */
  async show(uri: string, name: string): Promise<void> {
    const keys = await read(uri);
    const entry = keys.find((key) => key.name === name);
    if (!entry) throw changePolicies.unknownKey(uri, name, keys);
    console.log(JSON.stringify(shown(entry), null, 2));
  },
};

async function read(uri: string): Promise<readonly KeyEntry[]> {
  const text = await openKeyFile(uri).read();
  if (text === undefined)
    throw new Error(`there is no file ${uri}; tensorgate keys create NAME --file ${uri} makes it`);
  const { keys } = await parseKeyFile(text).catch((error) => {
    throw new Error(`${uri}: ${error.message}`);
  });
  return keys;
}

function shown({ sha256: _, ...entry }: KeyEntry): KeyEntry {
  return entry;
}
