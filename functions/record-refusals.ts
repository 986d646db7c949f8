import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import { CallChain } from '../src/adapters/audit/call-chain.ts';
import { hostId } from '../src/adapters/audit/host-id.ts';
import { openRepositoryFolder } from '../src/adapters/open-repository-folder.ts';
import { needed } from './needed.ts';
import { refusedCall } from './refused-call.ts';
import { serviceLog } from './service-log.ts';

const models = needed('TENSORGATE_MODELS');

const now = () => new Date();
const chain = new CallChain({
  store: openRepositoryFolder(models, '.audit'),
  host: hostId(now()),
  log: serviceLog,
  now,
  mostBytes: 16 * 1024 ** 2,
});
/** What waits in the chain: events that could not be written come again, perhaps to this environment. */
const waiting = new Set<string>();

/**
 * Adds lines of the access log, of calls that API Gateway refused, to the audit log. Rejects where they cannot be
 * written: Lambda tries again then. Where that is in another environment, a line may be there twice, under one
 * `requestId`.
 */
export async function handler({ awslogs }: CloudWatchLogsEvent): Promise<void> {
  const data = await promisify(gunzip)(Buffer.from(awslogs.data, 'base64'));
  const { messageType, logEvents }: CloudWatchLogsDecodedData = JSON.parse(data.toString());
  // Of the other kind are those by which CloudWatch asks whether the function is there.
  if (messageType !== 'DATA_MESSAGE') return;
  for (const { id, message, timestamp } of logEvents) {
    if (waiting.has(id)) continue;
    waiting.add(id);
    chain.add(refusedCall(message, timestamp));
  }
  await chain.flush();
  if (chain.waiting === 0) waiting.clear();
}
