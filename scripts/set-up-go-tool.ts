import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from './run.ts';

const sources = {
  // An S3 server.
  versitygw: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
  // A client of gRPC that knows services by reflection alone.
  grpcurl: 'github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4',
};

/** Path of a program that Go builds into .cache/ the first time. */
export function setUpGoTool(name: keyof typeof sources): string {
  const folder = resolve('.cache', name);
  const program = `${folder}/${name}`;
  if (existsSync(program)) return program;
  console.log(`building ${name} …`);
  process.env.GOBIN = folder;
  run('go', ['install', sources[name]]);
  return program;
}
