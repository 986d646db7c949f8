import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from './run.ts';

const source = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';

/** Path of versitygw, an S3 server, which Go builds into .cache/ the first time. */
export function setUpVersitygw(): string {
  const folder = resolve('.cache/versitygw');
  const program = `${folder}/versitygw`;
  if (existsSync(program)) return program;
  console.log('building versitygw …');
  process.env.GOBIN = folder;
  run('go', ['install', source]);
  return program;
}
