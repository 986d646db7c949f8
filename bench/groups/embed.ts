import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { answerOf } from '../load/answer-of.ts';
import { embeddingsRequest } from '../load/embeddings-request.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { type EmbeddingsModel, embeddingsModel } from '../models/embeddings-model.ts';
import { checkSameVectors } from '../peers/check-same-vectors.ts';
import { type Requirements, setUpPython } from '../peers/set-up-python.ts';
import { Child } from '../processes/child.ts';
import { startServer } from '../processes/start-server.ts';

const texts = 128;
const callers = 2;
/** Of each caller, and the times that the loop goes through all texts. */
const requests = 8;
const rounds = 3;

interface Peer {
  /** Embeddings a second. */
  measure(): Promise<number>;
  /** The vectors of all texts, one after the other. */
  readonly vectors: Float32Array;
  readonly child: Child;
}

interface PeerKind {
  readonly name: string;
  readonly requirements: Requirements;
  start(python: string, model: EmbeddingsModel, threads: number): Promise<Peer>;
}

const peers: readonly PeerKind[] = [
  {
    name: 'sentence-transformers 5.7, ONNX, in its process',
    requirements: 'sentence-requirements.txt',
    start: startLoop,
  },
  {
    name: 'FastAPI + tokenizers + onnxruntime, sorted by length, 32 a run',
    requirements: 'embed-requirements.txt',
    start: startFastapi,
  },
];

/** Embeddings of texts of mixed length by `/v1/embeddings`, beside what one would take for them in Python. */
export async function* benchEmbed(): AsyncGenerator<BenchRow> {
  const what = `MiniLM-like, /v1/embeddings, ${texts} texts of 4 to 126 words a request, ${callers} callers`;
  const model = embeddingsModel(texts);
  if (!model) return yield { what, against: peers[0]?.name ?? '', skipped: '../shared/testdata is not there' };
  const server = await startServer(model, { leadsGroup: true });
  const request = embeddingsRequest(model.name, model.texts);
  const ours = vectorsOf(await answerOf(server.port, request));
  for (const { name, requirements, start } of peers) {
    const row = { what, against: name };
    let peer: Peer;
    try {
      peer = await start(setUpPython(requirements), model, availableParallelism());
      checkSameVectors(ours, peer.vectors, texts);
    } catch (error) {
      yield { ...row, skipped: (error as Error).message };
      continue;
    }
    const [our = [], their = []] = await inTurns(rounds, () => perSecond(server.port, request), peer.measure);
    await peer.child.end();
    yield {
      ...row,
      measured: medianRatio(our, their),
      unit: '×',
      target: { atLeast: 1.5 },
      figures: `${median(our).toFixed(0)} / ${median(their).toFixed(0)} embeddings/s`,
    };
  }
  await server.child.end();
}

async function perSecond(port: number, request: Buffer): Promise<number> {
  const began = performance.now();
  const caller = async () => {
    for (let sent = 0; sent < requests; sent += 1) await answerOf(port, request);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (callers * requests * texts) / ((performance.now() - began) / 1000);
}

function vectorsOf(answer: Buffer): Float32Array {
  const { data } = JSON.parse(answer.toString()) as { data: { embedding: string }[] };
  return floats(data.map(({ embedding }) => Buffer.from(embedding, 'base64')));
}

function floats(pieces: readonly Buffer[]): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.concat(pieces)).buffer);
}

async function startFastapi(python: string, model: EmbeddingsModel, threads: number): Promise<Peer> {
  const args = ['bench/peers/embeddings_server.py', dirname(model.path), String(threads)];
  const child = new Child(python, args, { leadsGroup: true, log: '.cache/bench/embeddings_server.log' });
  const port = Number(await child.next(/^port (\d+)$/));
  const request = embeddingsRequest(model.name, model.texts);
  const vectors = vectorsOf(await answerOf(port, request));
  return { child, vectors, measure: () => perSecond(port, request) };
}

async function startLoop(python: string, model: EmbeddingsModel, threads: number): Promise<Peer> {
  const args = ['bench/peers/sentence_transformers_loop.py', model.folder, String(threads)];
  const child = new Child(python, args, { leadsGroup: true, log: '.cache/bench/sentence_transformers.log' });
  child.send(JSON.stringify(model.texts));
  const vectors = floats([Buffer.from(await child.next(/^ready (\S+)$/), 'base64')]);
  const measure = async () => {
    child.send(String(requests));
    return (requests * texts) / Number(await child.next(/^seconds (\S+)$/));
  };
  return { child, vectors, measure };
}
