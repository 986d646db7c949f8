import { resolve } from 'node:path';
import { versionLabel } from '../../core/version-label.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import { sameStore } from '../same-store.ts';
import { digestOf } from './digest-of.ts';
import { openPrepared } from './open-prepared.ts';
import type { PreparedCache } from './prepared-cache.ts';
import { preparedKey } from './prepared-key.ts';

/** The same store, at `uri`, but that prepared forms are put into a cache on this disk, and looked for there first. */
export function keepPreparedHere(store: ModelStore, uri: string, cache: PreparedCache): ModelStore {
  // Of folders a digest tells names and times, which may be those of another repository's model too.
  const place = /^[a-z][a-z0-9+.-]+:/i.test(uri) ? uri : resolve(uri);
  const keyOf = (name: string, version: number, digest: string) =>
    `${name}-${version}-${preparedKey(digestOf([[place, 0, digest]]))}`;
  return {
    ...sameStore(store),
    fetchPrepared: async (name, version) => {
      const held = await cache.find(keyOf(name, version, await store.digest(name, version)));
      if (!held) return store.fetchPrepared(name, version);
      try {
        const prepared = await openPrepared(held.folder, versionLabel(name, version));
        if ('answer' in prepared) return { ...prepared, release: held.release };
        held.release();
        return prepared;
      } catch (error) {
        held.release();
        throw error;
      }
    },
    putPrepared: (name, version, digest, folder) => cache.put(keyOf(name, version, digest), folder),
  };
}
