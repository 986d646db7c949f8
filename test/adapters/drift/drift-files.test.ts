import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { DriftFiles } from '../../../src/adapters/drift/drift-files.ts';
import type { Baseline } from '../../../src/core/drift/baseline.ts';
import type { Sketch } from '../../../src/core/drift/sketch.ts';
import type { StoredFile } from '../../../src/ports/object-store.ts';

const baseline = { model: 'm', version: 1 } as Baseline;
const sketchOf = (rows: number) => ({ rows }) as Sketch;
let folder = '';
/** Begun, and not read yet. */
let [open, most] = [0, 0];
/** Hears of each file before it is read. */
let onRead: (file: StoredFile) => Promise<void>;

class WatchedStore extends DirectoryObjectStore {
  override async *read(file: StoredFile): AsyncIterable<Uint8Array> {
    open += 1;
    most = Math.max(most, open);
    try {
      await onRead(file);
      yield* super.read(file);
    } finally {
      open -= 1;
    }
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-drift-files-'));
  [open, most] = [0, 0];
  onRead = async () => undefined;
});
afterEach(() => rm(folder, { recursive: true }));

test('a sketch that its host writes again while all are read counts as it is then', async () => {
  const files = new DriftFiles(new WatchedStore(folder));
  await files.putSketch(baseline, '2026-11-29', 'one', sketchOf(1));
  await files.putSketch(baseline, '2026-11-30', 'other', sketchOf(5));
  let isWritten = false;
  onRead = async ({ key }) => {
    if (isWritten || !key.includes('one')) return;
    isWritten = true;
    await files.putSketch(baseline, '2026-11-29', 'one', sketchOf(22));
  };
  expect(await files.sketches(baseline, '2026-11-01', '2026-11-30')).toEqual([{ rows: 22 }, { rows: 5 }]);
});

test('of many sketches some are read at once', async () => {
  const files = new DriftFiles(new WatchedStore(folder));
  for (let host = 0; host < 100; host += 1) await files.putSketch(baseline, '2026-11-29', `host-${host}`, sketchOf(1));
  expect(await files.sketches(baseline, '2026-11-29', '2026-11-29')).toHaveLength(100);
  expect(most).toBe(32);
});
