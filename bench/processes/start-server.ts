import type { BenchModel } from '../models/bench-model.ts';
import { Child } from './child.ts';

export interface StartedServer {
  readonly child: Child;
  readonly port: number;
}

/**
 * Starts `tensorgate serve` as a user does, with `model` alone and the options `more`; it has loaded it when this
 * returns.
 */
export async function startServer(
  model: Pick<BenchModel, 'repository'>,
  { leadsGroup = false, more = [] as readonly string[] } = {},
): Promise<StartedServer & { readonly grpcPort: number }> {
  // What it prepares would take a processor from what is measured.
  const options = [
    '--no-prepare',
    '--models',
    model.repository,
    '--port',
    '0',
    '--grpc-port',
    '0',
    '--log-level',
    'error',
    ...more,
  ];
  const child = new Child(process.execPath, ['cli/tensorgate.js', 'serve', ...options], { leadsGroup });
  const port = Number(await child.next(/listening on http:\/\/127\.0\.0\.1:(\d+)/));
  return { child, port, grpcPort: Number(await child.next(/gRPC on 127\.0\.0\.1:(\d+)/)) };
}
