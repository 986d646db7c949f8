import type { ModelStore } from '../ports/model-store.ts';

/** A store that does all as another does, to be spread before what it does otherwise. */
export function sameStore(store: ModelStore): ModelStore {
  return {
    list: () => store.list(),
    find: (name) => store.find(name),
    fetch: (name, version) => store.fetch(name, version),
    fetchPrepared: (name, version) => store.fetchPrepared(name, version),
    digest: (name, version) => store.digest(name, version),
    putPrepared: (name, version, digest, folder) => store.putPrepared(name, version, digest, folder),
    readText: (name, version, file) => store.readText(name, version, file),
    put: (name, version, files) => store.put(name, version, files),
    remove: (name, version) => store.remove(name, version),
    changeReleases: (name, change) => store.changeReleases(name, change),
    hasNewReleases: (name) => store.hasNewReleases(name),
    watch: (changed) => store.watch(changed),
  };
}
