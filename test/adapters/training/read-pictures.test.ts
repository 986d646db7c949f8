import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readPictures } from '../../../src/adapters/training/read-pictures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-pictures-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each(['', '/'])('a folder of a class without a picture is told of, with nothing in it too: …%s', async (end) => {
  const files = ['cats/a.png', 'cats/old/b.png', 'dogs/notes.txt', '.cache/x', 'loose.png'];
  for (const name of files) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), name);
  }
  for (const name of ['birds', 'cats/new', '.trash']) await mkdir(join(folder, name));
  const { targets, names, notes } = await readPictures({ uri: folder + end, tensorsOf: async () => [] });
  expect(targets).toEqual(['cats', 'cats']);
  expect(names).toEqual([`${folder}/cats/a.png`, `${folder}/cats/old/b.png`]);
  expect(notes).toEqual([
    `${folder}${end}: left out: 'loose.png', in no folder of a class; the folders 'birds', 'dogs', in which is no JPEG, PNG or WebP picture`,
  ]);
});
