import { mkdir } from 'node:fs/promises';
import { recordedChange } from '../src/adapters/audit/recorded-change.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { placeOf } from '../src/adapters/place-of.ts';
import type { SigningKey } from '../src/adapters/signatures/signing-key.ts';
import type { FolderTask } from '../src/core/hugging-face/task-of-folder.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import type { FilesToPush } from './files-to-push.ts';
import { type ManifestDraft, makeManifest } from './make-manifest.ts';
import { putWithManifest } from './put-with-manifest.ts';
import { tryOut } from './try-out.ts';

export interface VersionToStore {
  readonly name: string;
  readonly toPush: FilesToPush;
  readonly origin: Pick<VersionManifest, 'by' | 'source' | 'metrics' | 'licence' | 'notes' | 'made'>;
  /** @default the first that is free */
  readonly version?: number | undefined;
  readonly key?: SigningKey | undefined;
  /** Whether it has answered other inputs here. @default false: it is run on zeros before it is stored */
  readonly hasRun?: boolean | undefined;
}

export interface StoredVersion {
  readonly draft: ManifestDraft;
  readonly version: number;
  /** Where it is now. */
  readonly place: string;
  /** What its files are for, where they say so. */
  readonly folder: FolderTask | undefined;
}

/**
 * Tries a model out, stores it with its manifest in the repository at `uri`, and puts that on record. Rejects where it
 * cannot be loaded or run.
 */
export async function storeVersion(uri: string, toStore: VersionToStore): Promise<StoredVersion> {
  const { name, toPush, origin, version: wanted, key, hasRun } = toStore;
  const store = openModelStore(uri);
  const { schema, folder } = await tryOut(toPush, hasRun);
  const draft = await makeManifest(name, toPush, schema, origin);
  const at = placeOf(uri);
  if ('path' in at) await mkdir(at.path, { recursive: true });
  const { files, bytes, made } = draft;
  const details = { files, bytes, ...(key && { signedBy: key.fingerprint }), ...(made && { madeBy: made.by }) };
  const change = { action: 'push', model: name, ...(wanted !== undefined && { version: wanted }), details };
  const { version } = await recordedChange(uri, change, async () => ({
    version: await putWithManifest(store, draft, toPush.files, wanted, key),
  }));
  // Of a bucket, the folder of a fetched version is but its copy on this disk.
  const place =
    's3' in at ? `${uri.replace(/\/+$/, '')}/${name}/${version}` : (await store.fetch(name, version)).folder;
  return { draft, version, place, folder };
}
