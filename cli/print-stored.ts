import type { SigningKey } from '../src/adapters/signatures/signing-key.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { StoredVersion } from './store-version.ts';

interface PrintOptions {
  readonly name: string;
  readonly key: SigningKey | undefined;
  readonly json: boolean;
}

/** Says which version was stored, where, and signed by what. */
export function printStored({ draft, version, place, folder }: StoredVersion, { name, key, json }: PrintOptions): void {
  if (json) {
    const signed = key && { signedBy: key.fingerprint };
    console.log(JSON.stringify({ ...draft, version, place, ...signed }, null, 2));
    return;
  }
  console.log(`stored ${versionLabel(name, version)} in ${place}`);
  if (key) console.log(`signed with ${key.fingerprint} (${key.algorithm})`);
  if (folder) console.log(`by its files: ${folder.words}`);
}
