import { systemTimers } from '../../core/system-timers.ts';
import type { OpenRemoteModel } from '../../ports/open-remote-model.ts';
import type { Timers } from '../../ports/timers.ts';
import { askAgain } from './ask-again.ts';
import { httpCaller } from './http-caller.ts';
import { inTime } from './in-time.ts';
import type { StepServer } from './read-step-servers.ts';
import type { RemoteCaller } from './remote-caller.ts';

/** How long a server may take to say what a model takes and gives, with all tries: it may have to load it. */
const describeMs = 15_000;

export interface RemoteModelsOptions {
  /** Milliseconds after which a run that was not answered is given up. @default 0: never */
  readonly runTimeoutMs?: number | undefined;
  /** @default the event loop's own */
  readonly timers?: Timers;
}

/** Opens models of these servers, over the protocol that the URL of each says. */
export function remoteModels(
  servers: ReadonlyMap<string, StepServer>,
  { runTimeoutMs = 0, timers = systemTimers }: RemoteModelsOptions = {},
): OpenRemoteModel {
  const clients = new Map<string, Promise<(model: string, version: string | undefined) => RemoteCaller>>();
  return async (name, model, version) => {
    const server = servers.get(name);
    if (!server) {
      const known = [...servers.keys()].map((key) => `'${key}'`).join(', ') || 'none';
      throw new Error(`there is no server '${name}': serve --step-servers names ${known}`);
    }
    const known = clients.get(name) ?? openCaller(name, server);
    clients.set(name, known);
    const caller = (await known)(model, version);
    const describing = {
      ms: describeMs,
      message: `the server '${name}' has not said in ${describeMs / 1000} s what its model '${model}' takes and gives`,
    };
    const running = {
      ms: runTimeoutMs,
      message: `the server '${name}' has not answered in ${runTimeoutMs} ms, and was given up (serve --run-timeout-ms)`,
    };
    const ask = (signal: AbortSignal) => askAgain(() => caller.describe(signal), signal);
    const { inputs, outputs } = await inTime(describing, timers, ask);
    return {
      inputs,
      outputs,
      unservable: [],
      run: (run, signal) =>
        inTime(running, timers, (ending) => askAgain(() => caller.infer(run, ending), ending), signal),
      // The connection is that of all models.
      release: async () => undefined,
    };
  };
}

async function openCaller(name: string, server: StepServer) {
  if (server.url.protocol.startsWith('http'))
    return (model: string, version: string | undefined) => httpCaller(name, server, model, version);
  // Only who asks over gRPC loads it.
  const { grpcCaller } = await import('./grpc-caller.ts');
  const { grpcClient } = await import('./grpc-client.ts');
  const client = grpcClient(server);
  return (model: string, version: string | undefined) => grpcCaller(name, client, server, model, version);
}
