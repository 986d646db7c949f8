import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(60_000);

let folder = '';
let models: readonly string[];
/** Rows of four numbers, as iris takes them: the third is moved by `shift`. */
const rowsOf = (count: number, shift = 0) =>
  Array.from({ length: count }, (_, i) => [
    5.8 + Math.sin(i),
    3 + Math.sin(2.1 * i) / 2,
    3.7 + 2 * Math.sin(3.3 * i) + shift,
    1.2 + Math.sin(4.7 * i) / 2,
  ]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-drift-'));
  // Without its task: records are tensors.
  await cp('models/iris/1/model.onnx', join(folder, 'models/iris/1/model.onnx'));
  await writeFile(join(folder, 'models/iris/model.json'), '{"drift": {}}');
  models = ['--models', join(folder, 'models')];
});
afterAll(() => rm(folder, { recursive: true }));

async function ask(url: string, rows: readonly (readonly number[])[]): Promise<void> {
  // A run of which each row is looked at.
  for (let at = 0; at < rows.length; at += 16) {
    const some = rows.slice(at, at + 16);
    const body = JSON.stringify({
      inputs: [{ name: 'X', datatype: 'FP32', shape: [some.length, 4], data: some.flat() }],
    });
    expect((await fetch(`${url}/v2/models/iris/infer`, { method: 'POST', body })).status).toBe(200);
  }
}

describe('drift', () => {
  test('a report needs a baseline, which a file makes', async () => {
    const without = await runCommand('drift', 'report', 'iris', ...models);
    expect(without.stderr).toContain(
      "error: model 'iris' version 1 has no baseline: tensorgate drift baseline makes one",
    );
    const lines = rowsOf(640).map((row) => JSON.stringify({ X: row }));
    await writeFile(join(folder, 'good.jsonl'), lines.join('\n'));
    const { stdout, stderr } = await runCli('drift', 'baseline', 'iris', join(folder, 'good.jsonl'), ...models);
    expect(stderr).toBe('');
    expect(stdout).toBe("model 'iris' version 1 has a baseline of 640 rows and 9 features\n");
    const empty = await runCommand('drift', 'report', 'iris@1', ...models);
    expect(empty.stdout).toContain('0 rows against 640 of good.jsonl\nof 0 rows nothing can be said: 300 are needed\n');
  });

  test('a file with a record that cannot be answered makes none', async () => {
    await writeFile(join(folder, 'bad.jsonl'), '{"X": [1, 2, 3, 4]}\n{"X": [1]}\n');
    const { stderr, code } = await runCommand('drift', 'baseline', 'iris', join(folder, 'bad.jsonl'), ...models);
    expect(stderr).toContain(`error: there is no baseline of ${join(folder, 'bad.jsonl')}: `);
    expect(code).toBe(1);
  });

  test('what a server sees is in its metrics, and once it ends in the report and its picture', async () => {
    const server = await startProcess(join(folder, 'models'), '--log-level', 'silent');
    const rows = async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      return { metrics, rows: Number(/^tensorgate_drift_rows\{[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0) };
    };
    try {
      // What comes before the baseline is read counts for nothing.
      while ((await rows()).rows === 0) await ask(server.url, rowsOf(16));
      await ask(server.url, rowsOf(4000, 4));
      expect((await rows()).metrics).toMatch(
        /^tensorgate_drift_psi\{model="iris",version="1",side="input",feature="X\[2\]"\} [1-9]/m,
      );
    } finally {
      await stopProcess(server);
    }
    const picture = join(folder, 'drift.svg');
    const { stdout } = await runCommand('drift', 'report', 'iris', '--svg', picture, ...models);
    expect(stdout).toMatch(/^FEATURE +SIDE +PSI +JS +KS +P +CHANGE$/m);
    expect(stdout).toMatch(/^X\[2\] +input +\d+\.\d{3} +0\.\d{3} +0\.\d{3} +0\.000 +much$/m);
    expect(stdout).toMatch(/^X\[0\] +input .* little$/m);
    const svg = await readFile(picture, 'utf8');
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(svg).toContain('X[2] (input)</text>');
    const { features } = JSON.parse((await runCommand('drift', 'report', 'iris', '--json', ...models)).stdout);
    const psi = (name: string) => features.find(({ feature }: { feature: string }) => feature === name).psi;
    expect(psi('X[2]')).toBeGreaterThan(1);
    expect(psi('X[0]')).toBeLessThan(0.1);
  });
});
