import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDrift } from '../../../src/adapters/drift/open-drift.ts';
import type { ObservedRun } from '../../../src/core/drift/observed-run.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-drift-'));
});
afterEach(() => rm(folder, { recursive: true }));

const version = new ModelVersion('m', 1, { ...defaultConfig, drift: { baselineRows: 100, share: 1 } });
const tensor = { datatype: 'FP32' as const, shape: [1], data: new Uint8Array(4) };
const run: ObservedRun = { inputNames: ['x'], inputs: [tensor], outputNames: ['y'], outputs: [tensor] };
const warnings: string[] = [];
const log = {
  info: () => undefined,
  warn: (_: object, message: string) => void warnings.push(message),
  error: () => undefined,
};

test('without a timer it is written when a request says that it is time, and not more often', async () => {
  const drift = openDrift({ models: folder, everyMs: 3600_000, hasTimer: false, log });
  drift.onRun(new ModelVersion('n', 1, defaultConfig), run);
  await drift.flushIfDue();
  expect(await readdir(folder)).toEqual([]);
  // What watches is loaded with the first run; what comes before counts for nothing.
  for (let tries = 0; drift.readings.length === 0 && tries < 2000; tries += 1) {
    drift.onRun(version, run);
    await setTimeout(1);
    if (tries % 50 === 49) await drift.end();
  }
  expect(drift.readings[0]).toMatchObject({ model: 'm', version: 1 });
  const sketches = () => readdir(join(folder, '.drift/m/1'), { recursive: true });
  await drift.flushIfDue();
  const before = await sketches();
  expect(before.filter((name) => name.endsWith('.json'))).toHaveLength(2);
  const { rows } = drift.readings[0] ?? { rows: 0 };
  drift.onRun(version, run);
  expect(drift.readings[0]?.rows).toBe(rows + 1);
  await drift.flushIfDue();
  expect(await sketches()).toEqual(before);
});

test('a repository that cannot be written to is said once', async () => {
  await writeFile(join(folder, '.drift'), 'a file');
  const drift = openDrift({ models: folder, everyMs: 0, hasTimer: false, log });
  for (let tries = 0; warnings.length === 0 && tries < 2000; tries += 1) {
    drift.onRun(version, run);
    await setTimeout(1);
    await drift.flushIfDue();
    if (tries > 100) await drift.end();
  }
  await drift.end();
  expect(new Set(warnings)).toEqual(new Set(['drift cannot be watched; it is tried again']));
});
