import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { DriftFiles } from '../../../src/adapters/drift/drift-files.ts';
import { DriftMonitor } from '../../../src/adapters/drift/drift-monitor.ts';
import { mergedSketch } from '../../../src/core/drift/merged-sketch.ts';
import type { ObservedRun } from '../../../src/core/drift/observed-run.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

let folder = '';
let files: DriftFiles;
let told: [object, string][] = [];
let now = new Date('2026-11-29T10:00:00Z');
const log = {
  info: (fields: object, message: string) => void told.push([fields, message]),
  warn: (fields: object, message: string) => void told.push([fields, message]),
  error: () => undefined,
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-drift-'));
  files = new DriftFiles(new DirectoryObjectStore(folder));
  told = [];
  now = new Date('2026-11-29T10:00:00Z');
});
afterEach(() => rm(folder, { recursive: true }));

function versionOf(drift: object = {}): ModelVersion {
  return new ModelVersion('m', 1, { ...defaultConfig, drift: { baselineRows: 100, share: 1, ...drift } });
}

function monitorOf(host: string, random = () => 0): DriftMonitor {
  return new DriftMonitor({ files, host, log, now: () => now, random });
}

function runOf(value: number): ObservedRun {
  const tensor = { datatype: 'FP32' as const, shape: [1], data: new Uint8Array(Float32Array.of(value).buffer) };
  return { inputNames: ['x'], inputs: [tensor], outputNames: ['y'], outputs: [tensor] };
}

/** Shows a monitor so many runs, as spread as the sine is. */
function show(monitor: DriftMonitor, version: ModelVersion, runs: number, shift = 0): void {
  for (let i = 0; i < runs; i += 1) monitor.observe(version, runOf(Math.sin(i) + shift));
}

/** A host that has looked whether there is a baseline. */
async function watching(host: string, version: ModelVersion): Promise<DriftMonitor> {
  const monitor = monitorOf(host);
  monitor.observe(version, runOf(0));
  await monitor.flush();
  await monitor.flush();
  return monitor;
}

describe('a host', () => {
  test('makes a baseline of the first rows where there is none, and counts what comes then', async () => {
    const version = versionOf();
    const monitor = await watching('one', version);
    show(monitor, version, 100);
    await monitor.flush();
    const stored = await files.baseline('m', 1);
    expect(stored?.baseline).toMatchObject({ model: 'm', version: 1, from: 'requests', rows: 100 });
    show(monitor, version, 400);
    await monitor.flush();
    expect(await readdir(join(folder, 'm/1/2026-11-29'))).toEqual(['one.json']);
    expect(monitor.readings).toMatchObject([{ model: 'm', version: 1, rows: 400 }]);
    expect(monitor.readings[0]?.features[0]?.psi).toBeLessThan(0.1);
    show(monitor, version, 2000, 1);
    await monitor.flush();
    const [fields] = told.at(-1) ?? [];
    expect(fields).toMatchObject({ model: 'm', version: 1, rows: 2400, feature: expect.stringMatching(/^[xy]\[0\]$/) });
    expect((fields as { psi: number }).psi).toBeGreaterThan(0.25);
    expect(told.at(-1)?.[1]).toBe('drift');
  });

  test('writes an object of its own for each day, and counts on from none the next', async () => {
    const version = versionOf();
    const one = await watching('one', version);
    show(one, version, 100);
    await one.flush();
    const two = await watching('two', version);
    show(one, version, 30);
    show(two, version, 20);
    now = new Date('2026-11-30T00:00:01Z');
    show(one, version, 5);
    await Promise.all([one.flush(), two.flush()]);
    const { baseline } = (await files.baseline('m', 1)) ?? {};
    if (!baseline) throw new Error('there is no baseline');
    const rows = async (from: string, to: string) =>
      mergedSketch(baseline, await files.sketches(baseline, from, to)).rows;
    expect(await rows('2026-11-29', '2026-11-29')).toBe(50);
    expect(await rows('2026-11-30', '2026-11-30')).toBe(5);
    expect(await rows('2026-11-01', '2026-12-01')).toBe(55);
    expect(one.readings).toMatchObject([{ rows: 5 }]);
    expect(two.readings).toEqual([]);
  });

  test('takes a baseline that comes later, and of two that make one at once one counts', async () => {
    const version = versionOf();
    const [one, two] = await Promise.all([watching('one', version), watching('two', version)]);
    show(one, version, 100);
    show(two, version, 100, 5);
    await Promise.all([one.flush(), two.flush()]);
    await Promise.all([one.flush(), two.flush()]);
    const first = (await files.baseline('m', 1))?.baseline;
    show(one, version, 10);
    show(two, version, 10);
    if (!first) throw new Error('there is no baseline');
    await Promise.all([one.flush(), two.flush()]);
    expect(mergedSketch(first, await files.sketches(first, '2026-11-29', '2026-11-29')).rows).toBe(20);
    await files.replace({ ...first, id: 'new' });
    await one.flush();
    show(one, version, 3);
    await one.flush();
    const sketches = await files.sketches(first, '2026-11-29', '2026-11-29');
    expect(mergedSketch({ ...first, id: 'new' }, sketches).rows).toBe(3);
  });

  test('looks at the share that it is set to, and at nothing of models that want none', async () => {
    const version = versionOf({ share: 0.25 });
    let turn = 0;
    const monitor = monitorOf('one', () => (turn++ % 4) / 4);
    monitor.observe(version, runOf(0));
    await monitor.flush();
    show(monitor, version, 400);
    await monitor.flush();
    expect((await files.baseline('m', 1))?.baseline.rows).toBe(100);
    monitor.observe(new ModelVersion('n', 1, defaultConfig), runOf(0));
    await monitor.flush();
    expect(await readdir(folder)).toEqual(['m']);
  });

  test('says once that it cannot write, and tries again', async () => {
    const version = versionOf();
    const store = new DirectoryObjectStore(folder);
    let isFull = true;
    const failing = new DriftFiles(
      new Proxy(store, {
        get: (target, name) => {
          if (isFull && name === 'find') return () => Promise.reject(new Error('the disk is full'));
          const value = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    );
    const monitor = new DriftMonitor({ files: failing, host: 'one', log, now: () => now });
    monitor.observe(version, runOf(0));
    for (let i = 0; i < 3; i += 1) await monitor.flush();
    expect(told).toMatchObject([
      [{ err: { message: 'the disk is full' } }, 'drift cannot be watched; it is tried again'],
    ]);
    isFull = false;
    await monitor.flush();
    show(monitor, version, 100);
    await monitor.flush();
    expect((await files.baseline('m', 1))?.baseline.rows).toBe(100);
  });
});
