import { fileURLToPath } from 'node:url';

/** A path on this disk, or an s3:// URI. */
export type Place = { readonly path: string } | { readonly s3: string };

/** What a path, a file:// or an s3:// URI means. Throws an Error for other schemes. */
export function placeOf(uri: string): Place {
  const scheme = /^([a-z][a-z0-9+.-]+):\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return { path: uri };
  if (scheme === 'file') return { path: fileURLToPath(uri) };
  if (scheme === 's3') return { s3: uri };
  throw new Error(`'${uri}': expected a path, a file:// or an s3:// URI; got ${scheme}://`);
}
