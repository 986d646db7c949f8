import { join } from 'node:path';
import { placeOf } from '../place-of.ts';

const file = '.access/policies.json';

/** Where the policies of a model repository lie. */
export const policiesFile = {
  /** By a path or an s3:// URI. */
  of(rootUri: string): string {
    const place = placeOf(rootUri);
    return 's3' in place ? `${place.s3.replace(/\/+$/, '')}/${file}` : join(place.path, file);
  },

  /** The model repository that a file of keys belongs to; undefined where it stands alone. */
  rootOf(uri: string): string | undefined {
    return uri.endsWith(`/${file}`) ? uri.slice(0, -file.length - 1) : undefined;
  },
};
