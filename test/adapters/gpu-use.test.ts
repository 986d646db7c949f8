import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readGpuUse } from '../../src/adapters/gpu-use.ts';

let folder: string;
/** A program that says `text` where it is asked as nvidia-smi is. */
async function program(text: string): Promise<string> {
  const path = join(folder, 'nvidia-smi');
  const asked = '--query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits';
  await writeFile(path, `#!/bin/sh\n[ "$*" = "${asked}" ] && printf '${text}'\n`);
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-gpu-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['35, 1024\\n', { gpuPercent: 35, gpuMemoryMb: 1024 }],
  ['35, 1024\\n0, 6\\n', { gpuPercent: 17.5, gpuMemoryMb: 1030 }],
  ['[N/A], 1024\\n', undefined],
  ['No devices were found\\n', undefined],
  ['', undefined],
])('%j is %j', async (text, use) => {
  expect(await readGpuUse(await program(text))).toEqual(use);
});

test('where there is no such program there is nothing to tell', async () => {
  expect(await readGpuUse(join(folder, 'none'))).toBeUndefined();
});
