import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readAhead } from '../../../src/adapters/directory-object-store/read-ahead.ts';

const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => (index * 7) % 251));
let folder = '';
let handle: FileHandle;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-ahead-'));
  await writeFile(join(folder, 'x'), content);
  handle = await open(join(folder, 'x'));
});
afterEach(async () => {
  await handle.close();
  await rm(folder, { recursive: true });
});

async function bytes(start: number, end: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readAhead(handle, start, end)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('what is read ahead of its use', () => {
  test.each([
    [0, content.length],
    [0, 1],
    [12_345, 777_777],
    [65_536, 131_072],
    [5, 5],
    [9, 3],
  ])('is the bytes from %d to before %d, in their order', async (start, end) => {
    expect((await bytes(start, end)).equals(content.subarray(start, Math.max(start, end)))).toBe(true);
  });

  test('ends where the file does', async () => {
    expect((await bytes(999_990, 3_000_000)).equals(content.subarray(999_990))).toBe(true);
    expect(await bytes(2_000_000, 3_000_000)).toHaveLength(0);
  });

  test('has ended once nobody wants more: the file can be closed', async () => {
    const other = await open(join(folder, 'x'));
    for await (const piece of readAhead(other, 0, content.length)) {
      expect(piece).toHaveLength(64 * 1024);
      break;
    }
    await other.close();
  });

  test('rejects as a read does', async () => {
    const other = await open(join(folder, 'x'));
    await other.close();
    await expect(readAhead(other, 0, content.length).next()).rejects.toMatchObject({ code: 'EBADF' });
  });
});
