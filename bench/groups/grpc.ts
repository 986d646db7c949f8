import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { grpcMessage } from '../load/grpc-message.ts';
import { load } from '../load/load.ts';
import { warmUp } from '../load/warm-up.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { Child } from '../processes/child.ts';
import { startServer } from '../processes/start-server.ts';

/** What grpc-js itself takes: with the message as an object and back, as its servers have it, and with its bytes alone. */
const echoes = [
  { form: 'decoded', against: 'bare grpc-js echoing the message', target: { atLeast: 0.7 } },
  { form: 'bytes', against: 'bare grpc-js echoing its bytes, not decoding' },
] as const;

/** The tiny model over gRPC, 32 callers, beside bare grpc-js servers that echo its request without a model. */
export async function* benchGrpc(): AsyncGenerator<BenchRow> {
  const model = tinyModel();
  const message = grpcMessage(model);
  const server = await startServer(model);
  const peers = await Promise.all(echoes.map(({ form }) => startEcho(form)));
  const job = { protocol: 'grpc', callers: 32, seconds: 2, staysAwake: true } as const;
  const ports = [server.grpcPort, ...peers.map(({ port }) => port)];
  for (const port of ports) await warmUp({ ...job, port }, message);
  const [ours = [], ...theirs] = await inTurns(
    5,
    ...ports.map((port) => async () => (await load({ ...job, port }, message)).perSecond),
  );
  await Promise.all([server, ...peers].map(({ child }) => child.end()));
  for (const [at, { form: _form, ...row }] of echoes.entries())
    yield {
      what: 'tiny model, 32 callers, gRPC',
      ...row,
      measured: medianRatio(ours, theirs[at] ?? []),
      unit: '×',
      figures: `${median(ours).toFixed(0)} / ${median(theirs[at] ?? []).toFixed(0)} requests/s`,
    };
}

async function startEcho(form: string): Promise<{ readonly child: Child; readonly port: number }> {
  const child = new Child(process.execPath, ['bench/peers/echo-grpc-server.ts', form]);
  return { child, port: Number(await child.next(/^port (\d+)$/)) };
}
