import type { OpenRemoteModel } from '../../ports/open-remote-model.ts';
import { readStepServers } from './read-step-servers.ts';
import { remoteModels } from './remote-models.ts';

/** What opens models of the servers that a file names. Rejects as `readStepServers`. */
export async function openStepServers(file: string): Promise<OpenRemoteModel> {
  return remoteModels(await readStepServers(file));
}
