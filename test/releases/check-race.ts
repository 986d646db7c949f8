import { listAudit } from '../../src/adapters/audit/list-audit.ts';
import { verifyAudit } from '../../src/adapters/audit/verify-audit.ts';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { openRepositoryFolder } from '../../src/adapters/open-repository-folder.ts';
import { namedVersions } from '../../src/core/releases/named-versions.ts';
import type { ReleaseState } from '../../src/ports/model-store.ts';
import type { ClientLog } from './release-client.ts';

/** What came of a race that was well. */
export interface RaceReport {
  readonly changes: number;
  readonly pushed: number;
  readonly deleted: number;
  readonly lost: number;
  /** Lines of the audit log. */
  readonly audited: number;
}

/**
 * Checks that no change was lost, that no alias names what is not there, that each number was given once, that nothing
 * of a deleted version is left, and that the audit log has each change and verifies. Throws an Error that says what is
 * wrong.
 */
export async function checkRace(
  uri: string,
  first: ReleaseState,
  firstVersions: readonly number[],
  logs: readonly ClientLog[],
): Promise<RaceReport> {
  const store = openModelStore(uri);
  const found = await store.find('m');
  if (!found || found.problem !== undefined) throw new Error(`the model: ${found?.problem ?? 'gone'}`);
  const { versions, aliases, versionNotes } = found;
  const changes = logs.flatMap((log) => log.changes);
  checkChain(JSON.stringify(first), JSON.stringify({ aliases, versionNotes }), changes);
  const dangling = Object.values(aliases)
    .flatMap(namedVersions)
    .filter((version) => !versions.includes(version));
  if (dangling.length > 0) throw new Error(`aliases name ${dangling}, of ${versions}`);
  const pushed = logs.flatMap((log) => log.pushed);
  if (new Set(pushed).size < pushed.length) throw new Error(`a number was given twice: ${pushed}`);
  const deleted = Object.keys(versionNotes).map(Number);
  const left = [...firstVersions, ...pushed].filter((version) => !deleted.includes(version)).sort((a, b) => a - b);
  if (String(left) !== String(versions)) throw new Error(`versions are ${versions}, expected ${left}`);
  for (const version of versions) await store.fetch('m', version).then(({ release }) => release?.());
  const files = await openRepositoryFolder(uri, 'm').list('');
  const kept = files.filter(({ key }) => deleted.includes(Number(key.split('/', 1)[0])));
  if (kept.length > 0) throw new Error(`of deleted versions ${kept.map(({ key }) => key)} are left`);
  const audited = await checkAudit(uri, changes.length + pushed.length);
  const lost = logs.reduce((sum, log) => sum + log.lost.length, 0);
  return { changes: changes.length, pushed: pushed.length, deleted: deleted.length, lost, audited };
}

/** Each state was made of the one before it: a lost change would be one that leads nowhere. */
function checkChain(first: string, last: string, changes: ClientLog['changes']): void {
  const next = new Map(changes.map(({ before, after }) => [before, after]));
  if (next.size < changes.length) throw new Error('two changes were made to one state: one of them is lost');
  let state = first;
  for (let count = 0; count < changes.length; count += 1) {
    const after = next.get(state);
    if (after === undefined) throw new Error(`of ${changes.length} changes only ${count} led to what there is`);
    state = after;
  }
  if (state !== last) throw new Error(`there is ${last}, expected ${state}`);
}

async function checkAudit(uri: string, expected: number): Promise<number> {
  const store = openRepositoryFolder(uri, '.audit');
  const { faults, open } = await verifyAudit(store, { heads: [] });
  if (faults.length > 0) throw new Error(`the audit log: ${JSON.stringify(faults)}`);
  if (open.length > 0) throw new Error(`of ${JSON.stringify(open)} no line says how it ended`);
  let lines = 0;
  // Of one that lost to another, it says so.
  for await (const { kind } of listAudit(store, {})) if (kind === undefined) lines += 1;
  if (lines !== expected) throw new Error(`the audit log has ${lines} changes, expected ${expected}`);
  return lines;
}
