import { hexDigest } from '../hex-digest.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a line of a chain says of its place in it. */
export interface ReadLine {
  readonly record: Readonly<Record<string, unknown>>;
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
}

/** Reads a line; a text says what is wrong with the line by itself: it is none, or not as it was written. */
export function verifyLine(text: string): ReadLine | string {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(text);
  } catch {
    return 'is no JSON: it was changed, or cut';
  }
  const { hash, ...hashed } = record ?? {};
  const { number, previous } = hashed;
  if (typeof hash !== 'string' || typeof previous !== 'string' || typeof number !== 'number')
    return 'is no line of a chain: it has no hash, previous and number';
  // Members twice, or spaces, would say something that the hash does not cover.
  const isAsWritten = canonicalJson(record) === text;
  if (!isAsWritten || hexDigest(canonicalJson(hashed)) !== hash) return 'was changed: its hash is another';
  return { record, number, previous, hash };
}
