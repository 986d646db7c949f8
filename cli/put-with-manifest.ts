import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { envelopeText } from '../src/adapters/signatures/envelope-text.ts';
import { signVersion } from '../src/adapters/signatures/sign-version.ts';
import { signatureFile } from '../src/adapters/signatures/signature-file.ts';
import type { SigningKey } from '../src/adapters/signatures/signing-key.ts';
import { statementOf } from '../src/adapters/signatures/statement.ts';
import { versionManifestFile } from '../src/adapters/signatures/version-manifest-file.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import type { ManifestDraft } from './make-manifest.ts';

// Others push the same model: each number that they take first is one less for them.
const mostTries = 1000;

/**
 * Stores files as a version with its manifest, signed where there is a key, so that no host sees it unsigned; gives its
 * number: the one that is `wanted`, else the first that is free. Rejects as the store's `put`.
 */
export async function putWithManifest(
  store: ModelStore,
  draft: ManifestDraft,
  files: ReadonlyMap<string, string>,
  wanted: number | undefined,
  key?: SigningKey,
): Promise<number> {
  return inScratchFolder(async (folder) => {
    const manifest = join(folder, versionManifestFile);
    const signature = join(folder, signatureFile);
    const all = new Map([...files, [versionManifestFile, manifest]]);
    if (key) all.set(signatureFile, signature);
    let version = wanted ?? (await nextNumber(store, draft.model));
    for (let tries = 1; ; tries += 1) {
      const text = `${JSON.stringify({ ...draft, version }, null, 2)}\n`;
      await writeFile(manifest, text);
      if (key)
        await writeFile(signature, envelopeText(await signVersion(statementOf(draft.model, version, text), key)));
      try {
        await store.put(draft.model, version, all);
        return version;
      } catch (error) {
        const isTaken = error instanceof ServiceError && error.status === 409;
        if (wanted !== undefined || !isTaken || tries === mostTries) throw error;
      }
      version = Math.max(version + 1, await nextNumber(store, draft.model));
    }
  });
}

async function nextNumber(store: ModelStore, name: string): Promise<number> {
  const model = await store.find(name);
  const noted = Object.keys(model?.versionNotes ?? {}).map(Number);
  return Math.max(0, ...(model?.versions ?? []), ...noted) + 1;
}
