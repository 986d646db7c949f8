import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Service } from '../../src/adapters/create-service.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';

let folder = '';
let service: Service;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-deprecation-'));
  const value = { datatype: 'FP32' as const, shape: [1] };
  const model = buildOnnx({
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
  for (const version of ['1', '2']) {
    await mkdir(join(folder, 'm', version), { recursive: true });
    await writeFile(join(folder, 'm', version, 'model.onnx'), model);
  }
  await writeFile(join(folder, 'm/model.json'), '{"versionPolicy": "all"}');
  service = serviceOver(folder);
});
afterEach(async () => {
  await service.dataPlane.repository.unload('m');
  await rm(folder, { recursive: true });
});

async function headersOf(version: number): Promise<Readonly<Record<string, string>>> {
  const { headers } = await service.handle({
    method: 'POST',
    path: `/v2/models/m/versions/${version}/infer`,
    headers: {},
    body: new TextEncoder().encode('{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}'),
    requestId: 'r',
    gone: () => new AbortController().signal,
  });
  return Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [])));
}

async function note(of: object): Promise<void> {
  await writeFile(join(folder, 'm/aliases.json'), JSON.stringify({ $versions: { 1: of } }));
  await service.refresh();
}

test('answers of a version that is deprecated say so, since when and why; those of others do not', async () => {
  await note({ deprecated: 'wrong for "hares", says Zoë\nuse 2', deprecatedAt: '2026-11-29T07:00:00.000Z' });
  expect(await headersOf(1)).toMatchObject({
    deprecation: '@1795935600',
    warning: '299 tensorgate "model \'m\' version 1 is deprecated: wrong for \\"hares\\", says Zo?use 2"',
  });
  expect(await headersOf(2)).not.toHaveProperty('deprecation');
});

test('one that was deprecated by hand has been so since ever', async () => {
  await note({ deprecated: 'use 2' });
  expect((await headersOf(1)).deprecation).toBe('@0');
});
