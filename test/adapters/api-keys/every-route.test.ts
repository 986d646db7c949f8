import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import { loadProto } from '../../../src/adapters/grpc-server/load-proto.ts';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import { actions } from '../../../src/ports/authorize.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { TestClient } from '../grpc-server/test-client.ts';
import { identityModel } from '../models.ts';
import { bodiesWithModel } from './bodies-with-model.ts';

jest.setTimeout(60_000);

const entry = (name: string, more = {}) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });
const keys = [
  entry('all', { actions }),
  entry('blind', { actions: [] }),
  entry('other', { models: ['x-*', 'q-secre'], actions }),
  entry('late', { actions, expires: '2020-01-01' }),
];
/** A model that there is, which no key but one may use, and one that there is not: words that nothing else has. */
const [hidden, absent] = ['q-secret', 'q-nothing'];
const nobody = [
  ['no key', {}],
  ['a wrong key', { 'x-api-key': 'key-of-nobody' }],
  ['an expired key', { 'x-api-key': 'key-of-late' }],
] as const satisfies readonly (readonly [string, Record<string, string>])[];

/** Open to everybody, and name no model. */
const open = ['/v2/health/live', '/v2/health/ready', '/ping', '/docs', '/docs/1'];
/** Name a model in the body alone, or in the place of an id. */
const bodies: Readonly<Record<string, object>> = {
  ...bodiesWithModel,
  '/models': { url: '/nowhere' },
};
/** What any key may ask for: what the server is, and what it has used itself. */
const anyKey = ['/v2', '/v1/usage'];

describe('of every route', () => {
  let folder: string;
  let server: RunningServer;
  let grpc: TestClient;
  /** Method, and path with § for a model. */
  let routes: readonly (readonly [method: string, path: string])[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-routes-'));
    const models = join(folder, 'models');
    await mkdir(join(models, `${hidden}/1`), { recursive: true });
    await writeFile(join(models, `${hidden}/1/model.onnx`), buildOnnx(identityModel('FP32')));
    await mkdir(join(folder, 'data'));
    const apiKeys = join(folder, 'keys.json');
    await writeFile(apiKeys, JSON.stringify({ keys }));
    const more = { data: join(folder, 'data'), sagemaker: { hasRepository: true }, usage: true };
    server = await startServer({ ...serverOptions, ...more, models, apiKeys, grpcPort: 0 });
    grpc = new TestClient(server.grpcAddress ?? '');
    const document = (await (await call('GET', '/openapi.json', by('all'))).json()) as {
      paths: Record<string, object>;
    };
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => ['get', 'post', 'put', 'delete'].includes(method))
        .map((method) => {
          const named = path.replaceAll(/\{(model|model_name|id)\}/g, '§').replace(`/${hidden}`, '/§');
          return [method.toUpperCase(), named.replaceAll(/\{\w+\}/g, '1')] as const;
        }),
    );
    const heads = documented.filter(([method]) => method === 'GET').map(([, path]) => ['HEAD', path] as const);
    routes = [...documented, ...heads];
  });
  afterAll(async () => {
    grpc.close();
    await server.close(0);
    await server.dataPlane.repository.unload(hidden);
    await rm(folder, { recursive: true });
  });

  const by = (name: string) => ({ 'x-api-key': `key-of-${name}` });
  const call = (method: string, path: string, headers: Record<string, string>, model = hidden) => {
    const url = server.url + path.replaceAll('§', model);
    const body =
      method === 'POST'
        ? JSON.stringify({ ...bodies[path], [path === '/models' ? 'model_name' : 'model']: model })
        : undefined;
    return fetch(url, { method, headers, ...(body !== undefined && { body }) });
  };
  const isOpen = (path: string) => open.includes(path);
  const answerOf = async (headers: Record<string, string>, method: string, path: string, model: string) => {
    const answer = await call(method, path, headers, model);
    const names = [...answer.headers.keys()].sort();
    return { status: answer.status, names, text: (await answer.text()).replaceAll(model, '¤') };
  };

  test('there are many, of all surfaces', () => {
    const paths = routes.map(([, path]) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        '/v2/models/§/infer',
        '/v1/embeddings',
        '/v1/batches',
        '/metrics',
        '/invocations',
        '/v1/usage',
      ]),
    );
    expect(routes.length).toBeGreaterThan(60);
  });

  test.each(nobody)(
    'none is to be had with %s; that of a model there is answers as that of one there is not',
    async (_who, headers) => {
      const had: string[] = [];
      for (const [method, path] of routes) {
        const answer = await answerOf(headers, method, path, hidden);
        if (isOpen(path)) expect([path, answer.text]).toEqual([path, expect.not.stringContaining('¤')]);
        else if (answer.status !== 401) had.push(`${method} ${path}: ${answer.status}`);
        expect([path, answer]).toEqual([path, await answerOf(headers, method, path, absent)]);
      }
      expect(had).toEqual([]);
    },
  );

  test('none is to be had with a key that is good for nothing, but what any key may', async () => {
    const had: string[] = [];
    for (const [method, path] of routes.filter(([, each]) => !isOpen(each)))
      if ((await call(method, path, by('blind'))).status !== 403) had.push(path);
    expect([...new Set(had)].sort()).toEqual([...anyKey].sort());
  });

  test('with a key for others, that of a model there is answers as that of one there is not, and none names it', async () => {
    for (const [method, path] of routes) {
      const answer = await answerOf(by('other'), method, path, hidden);
      expect([path, { ...answer, text: shorn(answer.text) }]).toEqual([
        path,
        await answerOf(by('other'), method, path, absent).then((each) => ({ ...each, text: shorn(each.text) })),
      ]);
      if (answer.status === 200) expect([path, answer.text]).toEqual([path, expect.not.stringContaining('¤')]);
      else if (path.includes('§')) expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test('a name that is nearly one of a hidden model is told of nothing', async () => {
    const text = async (name: string) => (await call('GET', '/v2/models/q-secre', by(name))).text();
    expect(await text('all')).toContain(`did you mean '${hidden}'?`);
    expect(await text('other')).toBe(
      `{"error":"there is no model 'q-secre'; GET /v1/models or /v2/models lists those there are"}`,
    );
  });

  const methods = Object.keys(loadProto()['inference.GRPCInferenceService'] as object).filter(
    (method) => method !== 'ModelStreamInfer',
  );
  const ask = (method: string, headers: Record<string, string>, model = hidden) => {
    const named = { name: model, model_name: model, inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }] };
    return grpc.call(method, { ...named, raw_input_contents: [new Uint8Array(4)] }, {}, headers).then(
      (answer) => ({ code: status.OK, details: JSON.stringify(answer) }),
      ({ code, details }) => ({ code, details: String(details).replaceAll(model, '¤') }),
    );
  };

  test.each(methods)('of gRPC, %s is had by nobody without a key that is good for it', async (method) => {
    const isHealth = ['ServerLive', 'ServerReady'].includes(method);
    for (const [, headers] of nobody)
      expect((await ask(method, headers)).code).toBe(isHealth ? status.OK : status.UNAUTHENTICATED);
    if (isHealth || method === 'ServerMetadata') return;
    expect((await ask(method, by('blind'))).code).toBe(status.PERMISSION_DENIED);
    const answer = await ask(method, by('other'));
    expect(answer).toEqual(await ask(method, by('other'), absent));
    expect(answer.code === status.OK ? answer.details : '').not.toContain(hidden);
  });

  test('of gRPC, a stream is refused without a key, and each message of a model that the key is not good for alike', async () => {
    for (const [, headers] of nobody) {
      const [failure] = await once(grpc.stream(headers), 'error');
      expect(failure).toMatchObject({ code: status.UNAUTHENTICATED });
    }
    const stream = grpc.stream(by('other'));
    const told: string[] = [];
    stream.on('data', ({ error_message }) => told.push(error_message));
    for (const model of [hidden, absent]) stream.write({ model_name: model });
    stream.end();
    await once(stream, 'end');
    expect(told[0]?.replace(hidden, '¤')).toBe(told[1]?.replace(absent, '¤'));
    expect(told[0]).toContain('is not good for model');
  });
});

/** Without what changes from one answer to the next: ids, times, counts. */
function shorn(text: string): string {
  return text.replaceAll(/(file|batch)[-_][0-9a-f]+|[0-9]+(\.[0-9]+)?/g, '0');
}
