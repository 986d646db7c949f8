import type { OpenRemoteModel } from '../../ports/open-remote-model.ts';
import { askAgain } from './ask-again.ts';
import { httpCaller } from './http-caller.ts';
import type { StepServer } from './read-step-servers.ts';
import type { RemoteCaller } from './remote-caller.ts';

const never = new AbortController().signal;

/** Opens models of these servers, over the protocol that the URL of each says. */
export function remoteModels(servers: ReadonlyMap<string, StepServer>): OpenRemoteModel {
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
    const { inputs, outputs } = await askAgain(() => caller.describe(), never);
    return {
      inputs,
      outputs,
      unservable: [],
      run: (run, signal = never) => askAgain(() => caller.infer(run, signal), signal),
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
