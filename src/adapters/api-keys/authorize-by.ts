import { timingSafeEqual } from 'node:crypto';
import type { Authorize } from '../../ports/authorize.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { hashKey } from './hash-key.ts';
import { defaultActions, type KeyEntry } from './key-entry.ts';
import { keyOf } from './key-of.ts';

interface KnownKey extends KeyEntry {
  readonly hash: Buffer;
}

/** A check of callers against `entries`. How long it takes does not depend on how near a key is to one that is known. */
export function authorizeBy(entries: readonly KeyEntry[], now = Date.now): Authorize {
  const known = entries.map((entry): KnownKey => ({ ...entry, hash: Buffer.from(entry.sha256, 'hex') }));
  return (headers, model, action) => {
    const key = keyOf(headers);
    if (key === undefined)
      throw new ServiceError(401, 'an API key is needed: send x-api-key, or authorization: Bearer');
    const entry = find(known, key);
    if (!entry) throw new ServiceError(401, 'the API key is not known here, or was revoked');
    if (entry.expires !== undefined && Date.parse(entry.expires) <= now())
      throw new ServiceError(401, `the API key '${entry.name}' expired at ${entry.expires}`);
    if (action === 'any') return entry.name;
    const { name, actions = defaultActions, models } = entry;
    if (!actions.includes(action))
      throw new ServiceError(403, `the API key '${name}' is not good for '${action}', but for ${list(actions)}`);
    if (models === undefined || (model !== undefined && models.includes(model))) return name;
    const what = model === undefined ? 'this, which concerns all models' : `model '${model.slice(0, 256)}'`;
    throw new ServiceError(403, `the API key '${name}' is not good for ${what}, but for ${list(models)}`);
  };
}

/** Compares with all of them, also past the one that is equal. */
function find(known: readonly KnownKey[], key: string): KnownKey | undefined {
  const hash = hashKey(key);
  let found: KnownKey | undefined;
  for (const entry of known) if (timingSafeEqual(entry.hash, hash)) found = entry;
  return found;
}

function list(words: readonly string[]): string {
  return words.join(', ') || 'nothing';
}
