import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { answerOf } from '../load/answer-of.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { Child } from '../processes/child.ts';
import { startServer } from '../processes/start-server.ts';

/** The tiny model, 32 callers, beside a bare node:http server that answers the same bytes without a model. */
export async function* benchTiny(): AsyncGenerator<BenchRow> {
  const model = tinyModel();
  const server = await startServer(model);
  for (const form of ['json', 'binary'] as const) {
    const request = inferRequest(model, form);
    const answer = await answerOf(server.port, request);
    const bare = new Child(process.execPath, ['bench/peers/bare-server.ts', form], { input: answer });
    const barePort = Number(await bare.next(/^port (\d+)$/));
    const job = { callers: 32, seconds: 2, staysAwake: true };
    const [ours = [], theirs = []] = await inTurns(
      5,
      async () => (await load({ ...job, port: server.port }, request)).perSecond,
      async () => (await load({ ...job, port: barePort }, request)).perSecond,
    );
    await bare.end();
    yield {
      what: `tiny model, 32 callers, ${form === 'json' ? 'JSON' : 'binary'}`,
      against: `bare node:http, no model, ${form === 'json' ? 'JSON.parse' : 'not parsing'}`,
      measured: medianRatio(ours, theirs),
      unit: '×',
      target: { atLeast: 0.9 },
      figures: `${median(ours).toFixed(0)} / ${median(theirs).toFixed(0)} requests/s`,
    };
  }
  await server.child.end();
}
