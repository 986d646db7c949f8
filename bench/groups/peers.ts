import { availableParallelism } from 'node:os';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { answerOf } from '../load/answer-of.ts';
import { firstOutput } from '../load/first-output.ts';
import { inferRequest } from '../load/infer-request.ts';
import { type LoadResult, load } from '../load/load.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { tokenEncoderModel } from '../models/token-encoder-model.ts';
import { checkSameNumbers } from '../peers/check-same-numbers.ts';
import type { BatchSize, ServerPeer, StartedPeer } from '../peers/server-peer.ts';
import { serverPeers } from '../peers/server-peers.ts';
import { setUpPython } from '../peers/set-up-python.ts';
import { startServer } from '../processes/start-server.ts';

const callers = 32;
const rounds = 3;

interface Race {
  readonly name: string;
  readonly model: BenchModel;
  readonly size: BatchSize;
  /** What loads the server; the tiny model's callers take a processor for themselves. */
  readonly load: { readonly seconds: number; readonly staysAwake: boolean };
  readonly forms: readonly ('json' | 'binary')[];
}

/** Servers that others have made, with the same models and 32 callers, each with its batching on. */
export async function* benchPeers(): AsyncGenerator<BenchRow> {
  const encoder: Race = {
    name: `MiniLM-like, ${callers} callers`,
    model: tokenEncoderModel(),
    // The runtime gains nothing more from larger runs.
    size: { rows: 8, threads: availableParallelism() },
    load: { seconds: 4, staysAwake: false },
    forms: ['binary'],
  };
  for await (const { row, ours, theirs } of race(encoder)) {
    if (!ours) yield row;
    else {
      yield { ...row, ...perSecond(ours, theirs, 1) };
      yield { ...row, what: `${row.what}: p99`, ...p99(ours, theirs) };
    }
  }
  const tiny: Race = {
    name: `tiny model, ${callers} callers`,
    model: tinyModel(),
    size: { rows: callers, threads: 1 },
    load: { seconds: 2, staysAwake: true },
    forms: ['json', 'binary'],
  };
  for await (const { row, ours, theirs } of race(tiny)) {
    yield ours ? { ...row, ...perSecond(ours, theirs, 4) } : row;
  }
}

type Measured =
  | { readonly row: BenchRow; readonly ours?: undefined; readonly theirs?: undefined }
  | {
      readonly row: { readonly what: string; readonly against: string };
      readonly ours: readonly LoadResult[];
      readonly theirs: readonly LoadResult[];
    };

/** Our server in turns with each peer, in each form; what cannot be had is a row that says why. */
async function* race({ name, model, size, forms, ...race }: Race): AsyncGenerator<Measured> {
  // As the peers are started: each with its own share of the processors.
  const server = await startServer(model, { leadsGroup: true });
  for (const peer of serverPeers) {
    const row = { what: name, against: peer.name };
    let started: StartedPeer | undefined;
    try {
      started = await peer.start(setUpPython(peer.requirements), model, size);
      await checkAnswers(server, started, peer, model);
    } catch (error) {
      await started?.child.end();
      yield { row: { ...row, skipped: (error as Error).message } };
      continue;
    }
    for (const form of forms) {
      const theirForm = form === 'binary' && peer.hasBinary ? 'binary' : 'json';
      const job = { callers, ...race.load };
      const [ours = [], theirs = []] = await inTurns(
        rounds,
        () => started.child.without(() => load({ ...job, port: server.port }, inferRequest(model, form))),
        () => server.child.without(() => load({ ...job, port: started.port }, peer.request(model, theirForm))),
      );
      const [what, against] = [form, theirForm].map((each) => (each === 'json' ? 'JSON' : 'binary'));
      yield { row: { what: `${name}, ${what}`, against: `${peer.name}, ${against}` }, ours, theirs };
    }
    await started.child.end();
  }
  await server.child.end();
}

async function checkAnswers(ours: StartedPeer, theirs: StartedPeer, peer: ServerPeer, model: BenchModel) {
  const our = await answerOf(ours.port, inferRequest(model, 'json'));
  const their = await answerOf(theirs.port, peer.request(model, 'json'));
  checkSameNumbers(firstOutput(our), peer.outputOf(their));
}

function perSecond(ours: readonly LoadResult[], theirs: readonly LoadResult[], atLeast: number) {
  const [our, their] = [ours, theirs].map((results) => results.map((result) => result.perSecond));
  return {
    measured: medianRatio(our ?? [], their ?? []),
    unit: '×' as const,
    target: { atLeast },
    figures: `${median(our ?? []).toFixed(0)} / ${median(their ?? []).toFixed(0)} requests/s`,
  };
}

function p99(ours: readonly LoadResult[], theirs: readonly LoadResult[]) {
  const [our, their] = [ours, theirs].map((results) => results.map((result) => result.p99Ms));
  return {
    measured: medianRatio(our ?? [], their ?? []),
    unit: '×' as const,
    target: { atMost: 1 },
    figures: `${median(our ?? []).toFixed(0)} / ${median(their ?? []).toFixed(0)} ms`,
  };
}
