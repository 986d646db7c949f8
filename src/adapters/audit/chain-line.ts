import { hexDigest } from '../hex-digest.ts';
import { canonicalJson } from './canonical-json.ts';

/** A line of a chain, without its end, and its hash, which the next one carries. */
export interface ChainLine {
  readonly line: string;
  /** SHA-256 of the line's record in canonical JSON, in hexadecimal. */
  readonly hash: string;
}

/** A record with the hash of the line before it, and its own, in canonical JSON. */
export function chainLine(record: Readonly<Record<string, unknown>>, previous: string): ChainLine {
  const linked = { ...record, previous };
  const hash = hexDigest(canonicalJson(linked));
  return { line: canonicalJson({ ...linked, hash }), hash };
}
