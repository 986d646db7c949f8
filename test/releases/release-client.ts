import { randomUUID } from 'node:crypto';
import { changeRelease } from '../../cli/change-release.ts';
import { makeManifest } from '../../cli/make-manifest.ts';
import { putWithManifest } from '../../cli/put-with-manifest.ts';
import { recordedChange } from '../../src/adapters/audit/recorded-change.ts';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { movedTarget } from '../../src/core/releases/moved-target.ts';
import { rolledBack } from '../../src/core/releases/rolled-back.ts';
import { withNote } from '../../src/core/releases/with-note.ts';
import { withTarget } from '../../src/core/releases/with-target.ts';
import type { ReleaseState, StoredModel } from '../../src/ports/model-store.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

/** What one client did. */
export interface ClientLog {
  /** States of the releases, as JSON, that it took from one to the other. */
  readonly changes: { readonly before: string; readonly after: string }[];
  /** Numbers that it stored versions as. */
  readonly pushed: number[];
  /** What it was told where another came first. */
  readonly lost: string[];
}

const model = 'm';
const alias = 'production';

/**
 * Pushes, aliases, canaries, promotes, rolls back and deletes at random, so many times, as one who has a store of their
 * own. Rejects where any of it fails for another reason than that somebody came first.
 */
export async function releaseClient(uri: string, file: string, times: number): Promise<ClientLog> {
  const store = openModelStore(uri);
  const log: ClientLog = { changes: [], pushed: [], lost: [] };
  const change = async (action: string, version: number, work: (before: ReleaseState) => ReleaseState) => {
    let made = { before: '', after: '' };
    const noted = (before: ReleaseState) => {
      const after = work(before);
      made = { before: JSON.stringify(before), after: JSON.stringify(after) };
      return after;
    };
    if (await changeRelease({ uri, store, model, action, version }, noted)) log.changes.push(made);
  };
  const push = async () => {
    const origin = { by: 'client', source: {} };
    const files = new Map([['model.onnx', file]]);
    const draft = await makeManifest(model, { model: file, label: file, files }, { inputs: [], outputs: [] }, origin);
    const { version } = await recordedChange(uri, { action: 'push', model }, async () => ({
      version: await putWithManifest(store, draft, files, undefined),
    }));
    log.pushed.push(version);
  };
  // Each state is another: which was made of which can be told.
  const target = (found: StoredModel, version: number) => movedTarget(found.aliases[alias], version, randomUUID());
  const works: readonly ((found: StoredModel, version: number) => Promise<void>)[] = [
    push,
    (found, version) =>
      change('alias', version, (before) => withTarget(before, alias, found.aliases[alias], target(found, version))),
    (found, version) => {
      const seen = found.aliases[alias] ?? { version: 1 };
      const canary = { version, percent: 10, since: randomUUID() };
      return change('canary', version, (before) =>
        withTarget(before, alias, found.aliases[alias], { ...seen, canary }),
      );
    },
    (found) => {
      const seen = found.aliases[alias];
      const back = { ...rolledBack(alias, seen, found.versions, 'by hand'), forced: randomUUID() };
      return change('rollback', back.version, (before) => withTarget(before, alias, seen, back));
    },
    async (_found, version) => {
      await change('delete', version, (before) => withNote(before, version, { deleted: true }));
      await store.remove(model, version);
    },
  ];
  for (let done = 0; done < times; done += 1) {
    const found = await store.find(model);
    if (!found) throw new Error('the model is gone');
    const version = found.versions[Math.floor(Math.random() * found.versions.length)] ?? 1;
    const work = works[Math.floor(Math.random() * works.length)];
    try {
      await work?.(found, version);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 409) throw error;
      log.lost.push(error.message);
    }
  }
  return log;
}
