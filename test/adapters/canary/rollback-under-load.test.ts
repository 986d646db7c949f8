import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ReleasesReport, releaseFacts } from '../../../cli/release-facts.ts';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import type { AliasTarget } from '../../../src/ports/model-store.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { identityModel } from '../models.ts';

const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [3], data: [1, 2, 3] }] });

describe('a server whose aliases change under load', () => {
  let root: string;
  let server: RunningServer;
  let store: DirectoryModelStore;
  let isOver: boolean;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollback-'));
    const wrong = { ...identityModel('FP32'), nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }] };
    const graphs = [identityModel('FP32'), identityModel('FP32'), wrong];
    for (const [index, graph] of graphs.entries()) {
      const version = index + 1;
      await mkdir(join(root, `m/${version}`), { recursive: true });
      await writeFile(join(root, `m/${version}/model.onnx`), buildOnnx(graph));
    }
    store = new DirectoryModelStore(root);
    await lead({ version: 1 });
    server = await startServer({ ...serverOptions, models: root, watch: true });
    isOver = false;
  });
  afterEach(async () => {
    await server.close(0);
    await rm(root, { recursive: true });
  });

  const lead = (production: AliasTarget) =>
    store.changeReleases('m', (before) => ({ ...before, aliases: { production } }));

  /**
   * Asks over and over, on so many connections, until it is over: how often each version answered, and what was no
   * answer.
   */
  async function load(connections: number) {
    const answers = { 1: 0, 2: 0 } as Record<string, number>;
    const failures: unknown[] = [];
    let last = '';
    const ask = async () => {
      while (!isOver) {
        try {
          const response = await fetch(`${server.url}/v2/models/m/infer`, { method: 'POST', body });
          const text = await response.text();
          last = response.headers.get('x-tensorgate-version') ?? '';
          if (response.status !== 200) failures.push(text);
          answers[last] = (answers[last] ?? 0) + 1;
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const asking = Promise.all(Array.from({ length: connections }, ask));
    return { answers, failures, last: () => last, asking };
  }

  async function until(isSo: () => boolean): Promise<number> {
    const started = performance.now();
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
    return performance.now() - started;
  }

  test('promotes and rolls back without losing a request', async () => {
    const { answers, failures, last, asking } = await load(8);
    await until(() => (answers[1] ?? 0) > 20);
    await lead({ version: 2, previous: 1 });
    await until(() => last() === '2');
    await lead({ version: 1 });
    await until(() => last() === '1');
    const before = answers[2];
    // All that was asked after it was taken in goes to the one that it went back to.
    await until(() => (answers[1] ?? 0) > 100);
    expect(answers[2]).toBeLessThanOrEqual((before ?? 0) + 8);
    isOver = true;
    await asking;
    expect(failures).toEqual([]);
  });

  test('takes a canary with wrong answers back by itself, and writes down why', async () => {
    const { failures, asking } = await load(4);
    await lead({ version: 1, canary: { version: 3, percent: 50, since: '2026-11-29T00:00:00Z' } });
    let production: AliasTarget | undefined;
    do {
      await new Promise((resolve) => setTimeout(resolve, 50));
      production = (await store.find('m'))?.aliases.production;
    } while (production?.canary?.percent !== 0);
    isOver = true;
    await asking;
    expect(production.canary).toMatchObject({
      version: 3,
      stopped: expect.stringMatching(/answers that were compared are not the stable version's \(confidence 0.99\)$/),
    });
    expect(failures).toEqual([]);
    // It is written once the change stands.
    let line: string | undefined;
    while (!line) line = await readFile(join(root, '.audit/changes/000000000002.jsonl'), 'utf8').catch(() => undefined);
    expect(JSON.parse(line)).toMatchObject({ action: 'canary-stop', model: 'm', version: 3 });
  });

  test('says which version answered, and by which alias', async () => {
    const response = await fetch(`${server.url}/v2/models/m/infer`, { method: 'POST', body });
    expect(response.headers.get('x-tensorgate-version')).toBe('1');
    expect(response.headers.get('x-tensorgate-alias')).toBe('production');
    const releases = await (await fetch(`${server.url}/v2/models/m/releases`)).json();
    expect(releases).toEqual({ name: 'm', aliases: { production: { version: '1' } } });
    expect(releaseFacts(releases as ReleasesReport)).toEqual([
      ['model', 'm'],
      ['production', 'version 1'],
    ]);
  });
});
