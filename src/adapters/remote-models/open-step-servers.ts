import type { OpenRemoteModel } from '../../ports/open-remote-model.ts';
import { readStepServers } from './read-step-servers.ts';
import { type RemoteModelsOptions, remoteModels } from './remote-models.ts';

/** What opens models of the servers that a file names. Rejects as `readStepServers`. */
export async function openStepServers(file: string, options: RemoteModelsOptions): Promise<OpenRemoteModel> {
  return remoteModels(await readStepServers(file), options);
}
