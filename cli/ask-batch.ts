import { askServer } from './ask-server.ts';
import type { JobStatus } from './job-status.ts';
import { serverUrl } from './server-url.ts';
import { type BatchAnswer, statusOfBatch } from './status-of-batch.ts';

/** Asks the server at `address` how far a job is, or with the path `/cancel` to stop it. Rejects as `askServer`. */
export async function askBatch(address: string, id: string, path: '' | '/cancel' = ''): Promise<JobStatus> {
  const url = `${serverUrl(address)}/v1/batches/${encodeURIComponent(id)}${path}`;
  const answer = await askServer(url, path === '' ? {} : { method: 'POST' });
  return statusOfBatch((await answer.json()) as BatchAnswer);
}
