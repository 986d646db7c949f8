import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

test('without Python nothing is tried, and what to install is said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'venv-'));
  const [venv, requirements] = [join(folder, 'cloud'), join(folder, 'needed.txt')];
  writeFileSync(requirements, 'ministack\n');
  const setUp = `import { setUpVenv } from ${JSON.stringify(resolve('scripts/set-up-venv.ts'))};
    setUpVenv(...${JSON.stringify([venv, requirements])});`;
  // In a process of its own, which finds no command.
  const words = ['--input-type=module', '-e', setUp];
  const { status, stderr } = spawnSync(process.execPath, words, { env: { PATH: folder }, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('install python3 and python3-venv');
  expect(existsSync(venv)).toBe(false);
});
