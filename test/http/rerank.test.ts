import { beforeEach, describe, expect, test } from '@jest/globals';
import { openTokenizer } from '../../src/adapters/open-tokenizer.ts';
import { DataPlane } from '../../src/core/data-plane.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { openTask } from '../../src/core/tasks/open-task.ts';
import { Router } from '../../src/http/router.ts';
import { routes } from '../../src/http/routes.ts';
import type { Caller } from '../../src/ports/caller.ts';
import type { Session } from '../../src/ports/session.ts';
import type { PredictionName } from '../../src/ports/task.ts';
import type { TaskTools } from '../../src/ports/task-tools.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import { pieceTokenizer } from '../fakes/piece-tokenizer.ts';

const { vocab } = pieceTokenizer.model;
const [separator, within] = [vocab['[SEP]'], vocab.in];

/** What a model says of the tokens of one text, or of two. */
type Answer = (ids: readonly number[]) => FixedTensor;

function session(output: TensorSpec, answer: Answer): Session {
  return {
    inputs: [{ name: 'input_ids', datatype: 'INT64', shape: [-1, -1] }],
    outputs: [output],
    unservable: [],
    run: async ({ inputs: [tensor] }) => [
      answer([...new BigInt64Array((tensor as FixedTensor).data.slice().buffer)].map(Number)),
    ],
    release: async () => undefined,
  };
}

/** How often `in` stands in the second text. */
const logit: Answer = (ids) =>
  floatTensor([1, 1], [ids.slice(ids.indexOf(separator as number)).filter((id) => id === within).length]);
/** To one side where `in` stands in the text, and to the other. */
const vector: Answer = (ids) => floatTensor([1, 2], ids.includes(within as number) ? [3, 0] : [0, 1]);

const models: Readonly<Record<string, readonly [PredictionName | undefined, Session]>> = {
  pairs: ['text-classification', session({ name: 'logits', datatype: 'FP32', shape: [-1, 1] }, logit)],
  scores: ['text-classification', session({ name: 'scores', datatype: 'FP32', shape: [-1, 1] }, logit)],
  vectors: ['feature-extraction', session({ name: 'y', datatype: 'FP32', shape: [-1, 2] }, vector)],
  labels: ['text-classification', session({ name: 'logits', datatype: 'FP32', shape: [-1, 2] }, vector)],
  tensors: [undefined, session({ name: 'y', datatype: 'FP32', shape: [-1, 2] }, vector)],
};

describe('texts by how well they answer', () => {
  let router: Router;
  let repository: ModelRepository;
  /** Models open once it has come to pass. */
  let opening: Promise<void>;

  /** A server that knows no model yet. */
  const start = () => {
    const store = new FakeStore();
    store.texts['tokenizer.json'] = JSON.stringify(pieceTokenizer);
    for (const [name, [task]] of Object.entries(models))
      store.add(name, [1], task ? { config: { task: { name: task } } } : {});
    const clock = new FakeClock();
    const open = async (path: string) => {
      await opening;
      return (models[path.split('/')[1] ?? ''] as readonly [unknown, Session])[1];
    };
    const tools = { tokenizer: openTokenizer } as unknown as TaskTools;
    const cache = new SessionCache(store, open, clock, {
      maxBytes: 10_000,
      intraOpThreads: 1,
      openTask: (task, model) => openTask(task, { ...model, tools, limits: defaultLimits }),
    });
    repository = new ModelRepository(store, cache);
    const dataPlane = new DataPlane(repository, cache, new RunQueue(1, 100), clock);
    const docs = { version: '1', basePath: '', limits: defaultLimits, readAsset: async () => undefined };
    router = new Router(routes(dataPlane, clock, docs), 100);
  };

  beforeEach(async () => {
    opening = Promise.resolve();
    start();
    await repository.refresh();
  });

  async function rerank(body: object, path = '/v1/rerank', caller?: Caller) {
    const request = {
      headers: {},
      requestId: 'r',
      gone: () => new AbortController().signal,
      ...(caller && { caller }),
    };
    const bytes = Buffer.from(JSON.stringify({ query: 'new york', ...body }));
    const answer = await router.handle({ method: 'POST', path, body: bytes, ...request });
    return JSON.parse(Buffer.concat(answer.body).toString());
  }

  const documents = ['maria', 'in in', 'in new'];
  const sigmoid = (x: number) => expect.closeTo(1 / (1 + Math.exp(-x)), 6);

  test('by pairs, in Cohere’s shape', async () => {
    expect(await rerank({ model: 'pairs', documents, rank_fields: null })).toEqual({
      id: 'r',
      model: 'pairs',
      results: [
        { index: 1, relevance_score: sigmoid(2) },
        { index: 2, relevance_score: sigmoid(1) },
        { index: 0, relevance_score: 0.5 },
      ],
      usage: { prompt_tokens: 6 + 7 + 7, total_tokens: 20 },
    });
    const best = { model: 'pairs@1', documents: [{ text: 'in' }, 'maria'], top_n: 1, return_documents: true };
    expect((await rerank(best)).results).toEqual([{ index: 0, relevance_score: sigmoid(1), document: { text: 'in' } }]);
  });

  test('by scores that are none of logits, as they are', async () => {
    const { results } = await rerank({ model: 'scores', documents });
    expect(results.map((each: { relevance_score: number }) => each.relevance_score)).toEqual([2, 1, 0]);
  });

  test('by vectors, in the shape of Text Embeddings Inference', async () => {
    expect(await rerank({ model: 'vectors', texts: documents, return_text: true })).toEqual([
      { index: 0, score: 1, text: 'maria' },
      { index: 1, score: 0, text: 'in in' },
      { index: 2, score: 0, text: 'in new' },
    ]);
    expect(await rerank({ model: 'pairs', texts: ['in'], raw_scores: true })).toEqual([{ index: 0, score: 1 }]);
  });

  test('by the one model that can, at the paths of other clients', async () => {
    const message = expect.stringContaining('a model that ranks texts (pairs, scores, vectors), got nothing');
    await expect(rerank({ texts: documents }, '/rerank')).rejects.toMatchObject({ status: 400, message });
    const caller = {
      name: 'one',
      sees: (model: string) => model === 'pairs',
      check: () => undefined,
      take: () => undefined,
    };
    expect(await rerank({ texts: ['in'] }, '/rerank', caller)).toEqual([{ index: 0, score: sigmoid(1) }]);
    for (const model of ['scores', 'vectors']) await repository.unload(model);
    expect(await rerank({ texts: ['in'] }, '/rerank')).toEqual([{ index: 0, score: sigmoid(1) }]);
    await repository.unload('pairs');
    const none = expect.stringContaining('ranks texts (none is known to), got nothing');
    await expect(rerank({ texts: ['in'] }, '/rerank')).rejects.toMatchObject({ status: 400, message: none });
  });

  test('at the path of Cohere’s second client', async () => {
    const { results } = await rerank({ model: 'pairs', documents }, '/v2/rerank');
    expect(results).toHaveLength(3);
    const cut = rerank({ model: 'pairs', documents, max_tokens_per_doc: 9 }, '/v2/rerank');
    await expect(cut).rejects.toMatchObject({ message: expect.stringContaining('"truncate": true cuts texts') });
  });

  test('by the one that can, which is not known before models have loaded', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    opening = promise;
    start();
    const again = { status: 503, retryAfterSeconds: 1 };
    await expect(rerank({ documents })).rejects.toMatchObject(again);
    const loading = repository.refresh();
    await new Promise(setImmediate);
    const message = "it is not known yet which model ranks texts: 'pairs' is still loading";
    await expect(rerank({ documents })).rejects.toMatchObject({ ...again, message });
    const check = () => undefined;
    const tensorsAlone: Caller = { name: 'some', sees: (name) => name === 'tensors', check, take: check };
    const mayBe = expect.stringContaining("'tensors' is still loading");
    await expect(rerank({ documents }, '/rerank', tensorsAlone)).rejects.toMatchObject({ message: mayBe });
    resolve();
    await loading;
    await expect(rerank({ documents }, '/rerank', tensorsAlone)).rejects.toMatchObject({ status: 400 });
  });

  test('that are too long are refused, or cut', async () => {
    const long = ['maria', 'in '.repeat(20)];
    await expect(rerank({ model: 'pairs', documents: long })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/^documents.1: the text has 25 tokens, more than the 12/),
    });
    const words = expect.stringMatching(/^texts.1: the text has/);
    await expect(rerank({ model: 'vectors', texts: long })).rejects.toMatchObject({ message: words });
    const query = 'in '.repeat(20);
    const ofQuery = expect.stringMatching(/^query: the text has/);
    await expect(rerank({ model: 'vectors', query, documents })).rejects.toMatchObject({ message: ofQuery });
    const { results } = await rerank({ model: 'pairs', documents: long, truncate: true });
    expect(results).toMatchObject([{ index: 1, truncated: true }, { index: 0 }]);
  });

  test.each([
    ['labels', 'has the task text-classification: texts are ranked by models'],
    ['tensors', 'has no task: texts are ranked by models'],
  ])('of the model %s are refused', async (model, message) => {
    await expect(rerank({ model, documents })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(message),
    });
  });
});
