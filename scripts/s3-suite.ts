// npm run test:s3: the S3 store against a real S3 server, versitygw, which Go builds into .cache/ on the first run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from './run.ts';

const server = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const folder = resolve('.cache/versitygw');
const program = `${folder}/versitygw`;

if (!existsSync(program)) {
  console.log('building versitygw …');
  process.env.GOBIN = folder;
  run('go', ['install', server]);
}
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(
  'node',
  [...jest, 'test/cloud/s3-server.test.ts', '--testPathIgnorePatterns=/node_modules/'],
  {
    stdio: 'inherit',
    env: { ...process.env, VERSITYGW: program },
  },
);
process.exit(status ?? 1);
