import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CacheRoom } from '../../../src/adapters/s3-model-store/cache-room.ts';

test('a version that has just come is counted once, whether or not it was said to be there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-room-'));
  try {
    const room = new CacheRoom(folder, 20);
    const leave = await room.enter({ name: 'a-10', bytes: 10 });
    await mkdir(join(folder, 'a-10'));
    room.hold('a-10');
    const second = await room.enter({ name: 'b-10', bytes: 10 });
    const third = room.enter({ name: 'c-1', bytes: 1 });
    leave();
    await expect(third).rejects.toMatchObject({ status: 503 });
    second();
    await room.enter({ name: 'c-10', bytes: 10 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
