import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { columnsOf } from '../../../src/adapters/model-jobs/columns-of.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'columns-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function columns(name: string, content: Uint8Array): Promise<readonly string[]> {
  await writeFile(join(folder, 'file-1'), content);
  const data = new DirectoryObjectStore(folder);
  const file = await data.find('file-1');
  if (!file) throw new TypeError('the file was not written');
  return columnsOf(data, file, name);
}

/** What is cut off at its end is told so by whoever reads all of it. */
const cutOff = (text: string) => gzipSync(text).subarray(0, -16);

test('reads the fields of rows behind blank lines, under gzip too', async () => {
  const rows = `\n\r\n   \n{"a": 1}\n\n{"b": 2}\n`;
  expect(await columns('rows.jsonl.gz', gzipSync(rows))).toEqual(['a', 'b']);
  expect(await columns('rows.jsonl', new TextEncoder().encode(rows))).toEqual(['a', 'b']);
});

test.each([
  ['lines', '\n'.repeat(8 * 1024 ** 2)],
  ['spaces', ' '.repeat(64 * 1024 ** 2)],
])('decompresses no more than the first rows may have of a file of blank %s', async (_what, text) => {
  await expect(columns('rows.jsonl.gz', cutOff(text))).rejects.toMatchObject({
    status: 400,
    message: "'rows.jsonl.gz' is empty: expected a JSON object with fields on each line",
  });
});

test('decompresses no more than the first rows may have of a line without an end', async () => {
  const rows = `{"a": 1}\n{"b": "${'b'.repeat(64 * 1024 ** 2)}`;
  expect(await columns('rows.jsonl.gz', cutOff(rows))).toEqual(['a']);
});

test('calls a file as whoever uploaded it does where it is too large, too', async () => {
  const footer = new Uint8Array(5 * 1024 ** 2 + 8);
  new DataView(footer.buffer).setUint32(footer.length - 8, 5 * 1024 ** 2, true);
  footer.set(new TextEncoder().encode('PAR1'), footer.length - 4);
  await expect(columns('rows.parquet', footer)).rejects.toMatchObject({
    status: 413,
    message: expect.stringMatching(/^'rows\.parquet': its footer has 5242880 bytes/),
  });
});
