import { percentEncode } from './percent-encode.ts';

/** The path of an object, or of the bucket itself, at the URL of its bucket. */
export function objectPath(base: URL, key = ''): string {
  return base.pathname + key.split('/').map(percentEncode).join('/');
}
