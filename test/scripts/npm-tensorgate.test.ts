import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

test('npm run tensorgate takes paths from the folder that it is called in, and npm warns of nothing', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'tensorgate npm-'));
  try {
    await cp('models/iris/1/model.onnx', join(cwd, 'my.onnx'));
    // Nothing is to be installed here, which is what the script before it would do.
    const words = ['run', '--ignore-scripts', '--prefix', process.cwd(), 'tensorgate', '--', 'inspect', 'my.onnx'];
    // An npm above this one hands its own settings down.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
    const { stdout, stderr } = await promisify(execFile)('npm', words, { cwd, env });
    expect(stdout).toMatch(/^file +.*tensorgate npm-.*my\.onnx$/m);
    expect(stderr).toBe('');
  } finally {
    await rm(cwd, { recursive: true });
  }
}, 30_000);
