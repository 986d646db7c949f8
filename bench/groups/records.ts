import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { median } from '../median.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { startServer } from '../processes/start-server.ts';

const key = 'key-of-the-bench';

/** What a policy, a line of the audit log for each call and the count of usage add to a warm call of the tiny model. */
export async function* benchRecords(): AsyncGenerator<BenchRow> {
  const [plain, kept] = [tinyModel(), tinyModel()];
  const keys = join(kept.repository, '.keys.json');
  const sha256 = createHash('sha256').update(key).digest('hex');
  // All that a policy can ask for, and none of it spent.
  const limits = { rate: { perSecond: 1e6, burst: 1e6 }, quota: { requests: 1e9, per: 'day' }, dailyCost: 1e6 };
  writeFileSync(
    keys,
    JSON.stringify({ keys: [{ name: 'bench', sha256, models: ['tiny'], actions: ['infer'], ...limits }] }),
  );
  const more = ['--api-keys', keys, '--audit', 'all', '--usage', 'always'];
  const [bare, recording] = [await startServer(plain), await startServer(kept, { more })];
  const request = withKey(inferRequest(plain, 'binary'));
  const job = { callers: 1, seconds: 3 };
  const [ours = [], theirs = []] = await inTurns(
    7,
    async () => (await load({ ...job, port: recording.port }, request)).medianMs,
    async () => (await load({ ...job, port: bare.port }, request)).medianMs,
  );
  await Promise.all([bare.child.end(), recording.child.end()]);
  for (const records of ['.audit', '.usage']) rmSync(join(kept.repository, records), { recursive: true, force: true });
  yield {
    what: 'policy, audit of every call and usage, tiny model, one caller: added at the median',
    against: 'the same server without keys, audit and usage',
    measured: median(ours.map((each, round) => each - (theirs[round] ?? Number.NaN))),
    unit: 'ms',
    target: { atMost: 0.15 },
    figures: `${median(ours).toFixed(3)} / ${median(theirs).toFixed(3)} ms`,
  };
}

/** The request with an API key, which the server without keys passes over. */
function withKey(request: Buffer): Buffer {
  const text = request.toString('latin1');
  return Buffer.from(text.replace('\r\nHost:', `\r\nX-Api-Key: ${key}\r\nHost:`), 'latin1');
}
