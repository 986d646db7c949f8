import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { race } from './race.ts';

test('ten clients of two processes that change the releases of one model at once lose nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-race-'));
  try {
    const file = join(folder, 'model.onnx');
    await writeFile(file, buildOnnx({ inputs: [], outputs: [], nodes: [] }));
    const options = { processes: 2, clients: 5, times: 8, environment: process.env };
    const report = await race(join(folder, 'repository'), file, options);
    expect(report.changes + report.pushed).toBe(report.audited);
    expect(report.changes).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);
