import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { S3ModelStore } from '../../src/adapters/s3-model-store/s3-model-store.ts';

test('takes a path, absolute or relative, and a file:// URI', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tensorgate-open-'));
  await mkdir(join(root, 'a/1'), { recursive: true });
  await writeFile(join(root, 'a/1/model.onnx'), '');
  for (const uri of [root, relative(process.cwd(), root), pathToFileURL(root).href]) {
    expect(await openModelStore(uri).find('a')).toMatchObject({ versions: [1] });
  }
  await rm(root, { recursive: true });
});

test.each(['s3://bucket/models', 'S3://bucket'])('takes %p, and asks nothing before it is asked', (uri) => {
  expect(openModelStore(uri)).toBeInstanceOf(S3ModelStore);
});

test.each(['https://host/models', 'gs://bucket'])('refuses %p, and says why', (uri) => {
  expect(() => openModelStore(uri)).toThrow(/expected a path, a file:\/\/ or an s3:\/\/ URI; got /);
});
