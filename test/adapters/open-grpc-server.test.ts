import { execFileSync } from 'node:child_process';
import { expect, jest, test } from '@jest/globals';
import { sampleModels } from '../fakes/sample-models.ts';
import { serverOptions } from '../fakes/server-options.ts';

jest.setTimeout(60_000);
const models = sampleModels();

test.each([
  ['without gRPC nothing of it is loaded', {}, false],
  ['with gRPC it is', { grpcPort: 0 }, true],
])('%s', (_, grpc, isLoaded) => {
  const options = { ...serverOptions, models, ...grpc };
  const script = `
    import { Module } from 'node:module';
    import { startServer } from './src/adapters/start-server.ts';
    const server = await startServer(${JSON.stringify(options)});
    console.log(Object.keys(Module._cache).some((path) => /grpc-js|protobufjs/.test(path)));
    await server.close(0);
    process.exit();
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(output.toString()).toBe(`${isLoaded}\n`);
});
