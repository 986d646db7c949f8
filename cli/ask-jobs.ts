import { askServer } from './ask-server.ts';
import { serverUrl } from './server-url.ts';

/**
 * Asks the server at `address` about jobs that make models: `path` is what follows `/v1/jobs`. Rejects as `askServer`.
 */
export async function askJobs<T>(address: string, path: string, init: RequestInit = {}): Promise<T> {
  const answer = await askServer(`${serverUrl(address)}/v1/jobs${path}`, init);
  return (await answer.json()) as T;
}
