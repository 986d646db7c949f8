import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import type { ServerOptions } from '../../../src/adapters/server-options.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import { defaultLimits, type Limits } from '../../../src/settings.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { TestClient } from './test-client.ts';

export interface StartedGrpc {
  readonly server: RunningServer;
  readonly address: string;
  readonly client: TestClient;
  end(): Promise<void>;
}

interface ModelFiles {
  readonly settings?: Readonly<Record<string, object>>;
  readonly releases?: Readonly<Record<string, object>>;
}

/**
 * Starts a server with HTTP and gRPC on free ports over `models`, each in version 1; `settings` are their model.json,
 * `releases` their aliases.json.
 */
export async function startGrpc(
  models: Readonly<Record<string, OnnxGraph>>,
  limits: Partial<Limits> = {},
  { settings = {}, releases = {}, ...options }: Partial<ServerOptions> & ModelFiles = {},
): Promise<StartedGrpc> {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-grpc-'));
  for (const [name, graph] of Object.entries(models)) {
    await mkdir(join(folder, name, '1'), { recursive: true });
    await writeFile(join(folder, name, '1/model.onnx'), buildOnnx(graph));
    if (releases[name]) await writeFile(join(folder, name, 'aliases.json'), JSON.stringify(releases[name]));
    if (settings[name]) await writeFile(join(folder, name, 'model.json'), JSON.stringify(settings[name]));
  }
  const server = await startServer({
    ...serverOptions,
    models: folder,
    grpcPort: 0,
    concurrency: 2,
    limits: { ...defaultLimits, ...limits },
    ...options,
  });
  const address = server.grpcAddress ?? '';
  const client = new TestClient(address);
  return {
    server,
    address,
    client,
    end: async () => {
      client.close();
      const { repository } = server.dataPlane;
      await server.close(0);
      for (const name of repository.names()) await repository.unload(name);
      await rm(folder, { recursive: true });
    },
  };
}
