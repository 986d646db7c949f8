import type { Envelope } from '../src/adapters/signatures/envelope.ts';
import { parseEnvelope } from '../src/adapters/signatures/parse-envelope.ts';
import { signatureFile } from '../src/adapters/signatures/signature-file.ts';
import { textOfVersion } from '../src/adapters/text-of-version.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { ModelStore } from '../src/ports/model-store.ts';

/** A signature as it says of itself. */
export interface ToldSignature {
  /** The key's fingerprint. */
  readonly key: string;
  readonly algorithm: string;
  readonly at?: string;
}

/** The signatures beside a version, which nobody has checked. Rejects with an Error where they cannot be read. */
export async function readSignatures(
  store: ModelStore,
  name: string,
  version: number,
): Promise<readonly ToldSignature[]> {
  const text = await textOfVersion(store, name, version, signatureFile);
  if (text === undefined) return [];
  return envelopeIn(text, versionLabel(name, version)).signatures.map(({ keyid, algorithm, at }) => ({
    key: keyid,
    algorithm,
    ...(at !== undefined && { at }),
  }));
}

function envelopeIn(text: string, label: string): Envelope {
  try {
    return parseEnvelope(text);
  } catch (cause) {
    throw new Error(`${label}: ${(cause as Error).message}`, { cause });
  }
}
