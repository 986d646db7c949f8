import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { answerOf } from '../load/answer-of.ts';
import { firstOutput } from '../load/first-output.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { checkSameNumbers } from '../peers/check-same-numbers.ts';
import { setUpPython } from '../peers/set-up-python.ts';
import { Child } from '../processes/child.ts';
import { startServer } from '../processes/start-server.ts';

/** The tiny model, 32 callers, beside what careful people write in Python today; one process each. */
export async function* benchFastapi(): AsyncGenerator<BenchRow> {
  const row = {
    what: 'tiny model, 32 callers, JSON',
    against: 'FastAPI + uvicorn + orjson + onnxruntime, one process each',
  };
  let python: string;
  try {
    python = setUpPython('requirements.txt');
  } catch (error) {
    return yield { ...row, skipped: (error as Error).message };
  }
  const model = tinyModel();
  const server = await startServer(model);
  const peer = new Child(python, ['bench/peers/fastapi_server.py', model.path]);
  const peerPort = Number(await peer.next(/^port (\d+)$/));
  const request = inferRequest(model, 'json');
  const [our, their] = [await answerOf(server.port, request), await answerOf(peerPort, request)];
  checkSameNumbers(firstOutput(our), firstOutput(their));
  const job = { callers: 32, seconds: 2, staysAwake: true };
  const [ours = [], theirs = []] = await inTurns(
    5,
    async () => (await load({ ...job, port: server.port }, request)).perSecond,
    async () => (await load({ ...job, port: peerPort }, request)).perSecond,
  );
  await Promise.all([server.child.end(), peer.end()]);
  yield {
    ...row,
    measured: medianRatio(ours, theirs),
    unit: '×',
    target: { atLeast: 2 },
    figures: `${median(ours).toFixed(0)} / ${median(theirs).toFixed(0)} requests/s`,
  };
}
