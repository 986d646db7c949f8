import { versionLabel } from '../../core/version-label.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { recordedChange } from '../audit/recorded-change.ts';
import { openFolder } from '../batch/open-folder.ts';
import { openModelStore } from '../open-model-store.ts';
import { checkVersion } from './check-version.ts';
import { envelopeText } from './envelope-text.ts';
import { filesOfManifest } from './files-of-manifest.ts';
import { parseEnvelope } from './parse-envelope.ts';
import { signVersion } from './sign-version.ts';
import { signatureFile } from './signature-file.ts';
import type { SigningKey } from './signing-key.ts';
import { statementOf } from './statement.ts';
import { versionManifestFile } from './version-manifest-file.ts';

/**
 * Signs a version of the repository at `uri`, once all its files are what its manifest says: a key vouches for what is
 * there. Rejects with an Error where they are not, where there is no manifest, or where the signature cannot be stored.
 */
export async function signStored(uri: string, name: string, version: number, key: SigningKey): Promise<void> {
  const store = openModelStore(uri);
  const label = versionLabel(name, version);
  const read = (file: string) =>
    store.readText(name, version, file).catch((error) => {
      if (error instanceof ServiceError && error.status === 404) return undefined;
      throw error;
    });
  const manifest = await read(versionManifestFile);
  if (manifest === undefined)
    throw new Error(`${label} has no ${versionManifestFile}, which is what a key signs: push it as a new version`);
  await checkVersion(store, name, version, filesOfManifest(manifest)).catch((cause) => {
    throw new Error(`${label} is not signed: ${cause.message}`, { cause });
  });
  const before = await read(signatureFile);
  const statement = statementOf(name, version, manifest);
  const envelope = await signVersion(statement, key, before === undefined ? undefined : parseEnvelope(before));
  const { fingerprint, algorithm } = key;
  const change = { action: 'sign', model: name, version, details: { key: fingerprint, algorithm } };
  await recordedChange(uri, change, async () => {
    await openFolder(uri).replace(`${name}/${version}/${signatureFile}`, Buffer.from(envelopeText(envelope)));
    return {};
  });
}
