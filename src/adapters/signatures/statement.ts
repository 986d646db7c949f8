import { hexDigest } from '../hex-digest.ts';

/** What a signature vouches for: a version by its name and number, and its files by their manifest. */
export interface Statement {
  readonly model: string;
  readonly version: number;
  readonly manifest: { readonly sha256: string };
}

/**
 * What a version with that manifest's text is signed as. The names are part of it, so that no signature is good for
 * another version.
 */
export function statementOf(model: string, version: number, manifest: string): Statement {
  return { model, version, manifest: { sha256: hexDigest(manifest) } };
}
