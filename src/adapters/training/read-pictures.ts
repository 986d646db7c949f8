import { readdir } from 'node:fs/promises';
import { readBytes } from '../../core/batch/read-bytes.ts';
import { listNames } from '../../core/list-names.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { locateFile } from '../batch/locate-file.ts';
import { digestPieces } from '../digest-pieces.ts';
import { placeOf } from '../place-of.ts';
import type { DataRows } from './data-rows.ts';

export interface PicturesToRead {
  /** A folder with a folder for each class. */
  readonly uri: string;
  /** What a model takes for the bytes of a picture. */
  readonly tensorsOf: (picture: Uint8Array) => Promise<readonly Tensor[]>;
}

/** Pictures of a folder, as a model takes them. */
export interface PictureRows extends DataRows {
  /** A picture's file. */
  readonly bytesOf: (row: number) => Promise<Uint8Array>;
}

const picture = /^(?:([^/]+)\/(?:.*\/)?)?[^/.][^/]*\.(?:jpe?g|png|webp)$/i;
const mostShown = 3;

/**
 * Finds the pictures of a folder, in the order of their names; the folder that they are in is their class. Rejects with
 * an Error where there are none.
 */
export async function readPictures({ uri, tensorsOf }: PicturesToRead): Promise<PictureRows> {
  const folderUri = uri.replace(/\/+$/, '');
  const { store, key } = locateFile(folderUri);
  const files = (await store.list(`${key}/`)).map((file) => ({ file, name: file.key.slice(key.length + 1) }));
  const found = files.flatMap(({ file, name }) => {
    const [, folder] = picture.exec(name) ?? [];
    return folder === undefined ? [] : [{ file, name, folder }];
  });
  if (found.length === 0)
    throw new Error(`${uri}: expected a folder for each class, with JPEG, PNG or WebP pictures; there are none`);
  const keys: string[] = [];
  for (const { file } of found) keys.push((await digestPieces(store.read(file))).checksum);
  const bytesOf = (row: number) => readBytes(store, (found[row] as (typeof found)[number]).file);
  const list = found.map(({ name }, row) => `${keys[row]}  ${name}\n`).join('');
  return {
    label: uri,
    targets: found.map(({ folder }) => folder),
    keys,
    names: found.map(({ name }) => `${folderUri}/${name}`),
    notes: leftOut(uri, [...files.map(({ name }) => name), ...(await foldersIn(uri))]),
    sha256: (await digestPieces(inOne(list))).checksum,
    bytesOf,
    tensorsOf: async (row) => {
      try {
        return await tensorsOf(await bytesOf(row));
      } catch (error) {
        throw new Error(`${found[row]?.name}: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

/** What is to be said of pictures and folders that were likely meant, and are none of those to learn from. */
function leftOut(uri: string, names: readonly string[]): readonly string[] {
  const pictures = names.filter((name) => picture.test(name));
  const loose = pictures.filter((name) => !name.includes('/'));
  const folderOf = (name: string) => name.slice(0, name.indexOf('/'));
  const classes = new Set(pictures.map(folderOf));
  const empty = [...new Set(names.filter((name) => name.includes('/')).map(folderOf))]
    .filter((folder) => !classes.has(folder) && /^[^.]/.test(folder))
    .sort();
  const some = (all: readonly string[]) => listNames(all, mostShown);
  const left = [
    ...(loose.length > 0 ? [`${some(loose)}, in no folder of a class`] : []),
    ...(empty.length > 0
      ? [`the folder${empty.length > 1 ? 's' : ''} ${some(empty)}, in which is no JPEG, PNG or WebP picture`]
      : []),
  ];
  return left.length > 0 ? [`${uri}: left out: ${left.join('; ')}`] : [];
}

/** The folders in one, each with a slash behind it: a list of files has none that is empty, unless a bucket has it. */
async function foldersIn(uri: string): Promise<readonly string[]> {
  const place = placeOf(uri);
  if (!('path' in place)) return [];
  const entries = await readdir(place.path, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [`${entry.name}/`] : []));
}

async function* inOne(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}
