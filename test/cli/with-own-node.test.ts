import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { sampleModels } from '../fakes/sample-models.ts';

const samples = sampleModels();
const launch = "const { withOwnNode } = await import('./cli/with-own-node.js'); withOwnNode();";

/**
 * Runs a command as an older Node does; kills what has launched it once it is at work, and resolves when nobody has its
 * output open.
 */
async function killLauncher(isAtWork: (output: string) => boolean, ...words: string[]): Promise<string> {
  const options = ['--input-type=module', '-e', launch, 'tensorgate', ...words];
  const launcher = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const group = -(launcher.pid as number);
  const force = setTimeout(() => process.kill(group, 'SIGKILL'), 15_000);
  let output = '';
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on('data', (piece: Buffer) => {
      output += piece;
    });
  }
  const look = setInterval(() => isAtWork(output) && launcher.kill('SIGKILL'), 10);
  const started = performance.now();
  await once(launcher, 'close');
  clearInterval(look);
  clearTimeout(force);
  expect(performance.now() - started).toBeLessThan(14_000);
  return output;
}

test('a server whose launcher was killed stops in order', async () => {
  const words = ['serve', '--models', samples, '--port', '0', '--log-level', 'info'];
  expect(await killLauncher((output) => output.includes('listening on http'), ...words)).toMatch(/stopping.*stopped/s);
}, 30_000);

test('a batch job whose launcher was killed ends, and leaves what another run goes on with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-launched-'));
  try {
    const record = '{"X":[5.1,3.5,1.4,0.2]}\n';
    await writeFile(join(folder, 'x.jsonl'), record.repeat(500_000));
    const words = [
      'batch',
      'iris',
      '--models',
      samples,
      join(folder, 'x.jsonl'),
      '-o',
      join(folder, 'out'),
      '--map',
      'X=X',
      '--shard-bytes',
      '100000',
      '--workers',
      '1',
    ];
    await killLauncher(() => existsSync(join(folder, 'out/part-00000.jsonl')), ...words);
    expect(await readdir(join(folder, 'out'))).not.toContain('report.json');
  } finally {
    await rm(folder, { recursive: true });
  }
}, 30_000);
