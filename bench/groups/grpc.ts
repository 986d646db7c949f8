import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { answerOf } from '../load/answer-of.ts';
import { grpcMessage } from '../load/grpc-message.ts';
import { load } from '../load/load.ts';
import { warmUp } from '../load/warm-up.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { Child } from '../processes/child.ts';
import { startServer } from '../processes/start-server.ts';

/** The tiny model over gRPC, 32 callers, beside a bare grpc-js server that answers the same bytes without a model. */
export async function* benchGrpc(): AsyncGenerator<BenchRow> {
  const model = tinyModel();
  const server = await startServer(model);
  const message = grpcMessage(model);
  const answer = await answerOf(server.grpcPort, message, 'grpc');
  const bare = new Child(process.execPath, ['bench/peers/bare-grpc-server.ts'], { input: answer });
  const barePort = Number(await bare.next(/^port (\d+)$/));
  const job = { protocol: 'grpc', callers: 32, seconds: 2, staysAwake: true } as const;
  for (const port of [server.grpcPort, barePort]) await warmUp({ ...job, port }, message);
  const [ours = [], theirs = []] = await inTurns(
    5,
    async () => (await load({ ...job, port: server.grpcPort }, message)).perSecond,
    async () => (await load({ ...job, port: barePort }, message)).perSecond,
  );
  await Promise.all([server.child.end(), bare.end()]);
  yield {
    what: 'tiny model, 32 callers, gRPC',
    against: 'bare grpc-js, no model, not decoding',
    measured: medianRatio(ours, theirs),
    unit: '×',
    target: { atLeast: 0.7 },
    figures: `${median(ours).toFixed(0)} / ${median(theirs).toFixed(0)} requests/s`,
  };
}
