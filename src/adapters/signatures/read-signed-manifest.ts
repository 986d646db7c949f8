import type { ModelStore } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkSignature, type Signer } from './check-signature.ts';
import { filesOfManifest, type ManifestFiles } from './files-of-manifest.ts';
import type { PublicKeys } from './public-keys.ts';
import { signatureFile } from './signature-file.ts';
import { statementOf } from './statement.ts';
import { versionManifestFile } from './version-manifest-file.ts';

export interface SignedManifest {
  readonly files: ManifestFiles;
  readonly signers: readonly [Signer, ...Signer[]];
}

/**
 * The manifest of a version, which one of `keys` has signed as this version's. Rejects with an Error that says what is
 * missing or wrong.
 */
export async function readSignedManifest(
  store: ModelStore,
  name: string,
  version: number,
  keys: PublicKeys,
): Promise<SignedManifest> {
  const read = (file: string, without: string) =>
    store.readText(name, version, file).catch((error) => {
      throw error instanceof ServiceError && error.status === 404 ? new Error(without) : error;
    });
  const signature = await read(signatureFile, 'it is not signed; tensorgate sign does that');
  const manifest = await read(
    versionManifestFile,
    'it has no manifest.json, which is what would be signed; push it anew',
  );
  const signers = checkSignature(signature, statementOf(name, version, manifest), keys);
  return { files: filesOfManifest(manifest), signers };
}
