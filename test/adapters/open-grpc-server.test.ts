import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { serverOptions } from '../fakes/server-options.ts';

jest.setTimeout(60_000);

test('without gRPC nothing of it is loaded, with gRPC it is', async () => {
  const models = await mkdtemp(join(tmpdir(), 'tensorgate-grpc-'));
  const script = `
    import { Module } from 'node:module';
    import { startServer } from './src/adapters/start-server.ts';
    for (const grpc of [{}, { grpcPort: 0 }]) {
      const server = await startServer({ ...${JSON.stringify({ ...serverOptions, models })}, ...grpc });
      console.log(Object.keys(Module._cache).some((path) => /grpc-js|protobufjs/.test(path)));
      await server.close(0);
    }
    process.exit();
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script]);
  await rm(models, { recursive: true });
  expect(output.toString()).toBe('false\ntrue\n');
});
