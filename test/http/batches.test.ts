import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { keyCaller } from '../../src/adapters/api-keys/key-caller.ts';
import { LocalBatches } from '../../src/adapters/batch/local-batches.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { batchRoutes } from '../../src/http/batches/batch-routes.ts';
import { errorResponse } from '../../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { Router } from '../../src/http/router.ts';
import type { Caller } from '../../src/ports/caller.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

const gone = () => new AbortController().signal;
const json = (answer: HttpResponse) => JSON.parse(Buffer.concat(answer.body).toString());

/** A line of a batch. */
function line(id: number, more: object = {}): string {
  const item = { custom_id: `c${id}`, method: 'POST', url: '/v2/models/double/infer', body: { x: id }, ...more };
  return `${JSON.stringify(item)}\n`;
}

/** Stands for the service: doubles, or refuses. */
async function double({ path, body }: HttpRequest): Promise<HttpResponse> {
  if (!path.startsWith('/v2/models/double/')) throw new ServiceError(404, `there is nothing at ${path}`);
  const { x } = JSON.parse(Buffer.from(body).toString());
  if (x === 13) throw new ServiceError(400, 'not 13');
  if (x === 'none') throw new ServiceError(404, 'there is no such model');
  return { status: 200, headers: [], body: [Buffer.from(JSON.stringify({ y: 2 * x }))] };
}

describe('batches', () => {
  let folder = '';
  let batches: LocalBatches;
  let router: Router;
  const failures: unknown[] = [];
  /** Who asks; undefined: nobody is asked for a key. */
  let caller: Caller | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-batches-'));
    failures.length = 0;
    caller = undefined;
    open();
  });
  afterEach(async () => {
    await batches.stop();
    await rm(folder, { recursive: true });
    expect(failures).toEqual([]);
  });

  /** A server on the folder, which does no work yet. */
  function open(): void {
    batches = new LocalBatches({
      data: new DirectoryObjectStore(folder),
      maxFileBytes: 2_000_000,
      onFailure: (_job, error) => failures.push(error),
    });
    router = new Router(
      batchRoutes(async () => batches),
      256,
    );
  }

  function call(method: string, path: string, body: string | Uint8Array = '', headers: HttpRequest['headers'] = {}) {
    const [plain = '', query] = path.split('?');
    const called = { method, path: plain, headers, body: Buffer.from(body), requestId: 'r', gone };
    const request = { ...called, ...(caller && { caller }) };
    return router
      .handle({ ...request, ...(query !== undefined && { query }) })
      .catch((error) => errorResponse(error, 'r', plain));
  }

  async function upload(content: string, fields: Record<string, string | Blob> = {}): Promise<HttpResponse> {
    const form = new FormData();
    const all = { purpose: 'batch', file: new File([content], 'requests ü.jsonl'), ...fields };
    for (const [name, value] of Object.entries(all)) form.append(name, value);
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    return call('POST', '/v1/files', new Uint8Array(await encoded.arrayBuffer()), { 'content-type': type });
  }

  async function create(content: string, more: object = {}) {
    const { id } = json(await upload(content));
    const asked = { input_file_id: id, endpoint: '/v2/models/double/infer', completion_window: '24h', ...more };
    return json(await call('POST', '/v1/batches', JSON.stringify(asked)));
  }

  async function end(id: string) {
    for (;;) {
      const batch = json(await call('GET', `/v1/batches/${id}`));
      if (['completed', 'failed', 'cancelled'].includes(batch.status)) return batch;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function content(file: string): Promise<object[]> {
    const text = Buffer.concat((await call('GET', `/v1/files/${file}/content`)).body).toString();
    return text
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each));
  }

  test('that are asked for again, as the answer was lost, are the same', async () => {
    const { id: file } = json(await upload(line(1)));
    const ask = async (retries: string, more: object = {}) => {
      const asked = { input_file_id: file, endpoint: '/v2/models/double/infer', completion_window: '24h', ...more };
      const headers = { 'x-stainless-retry-count': retries };
      return json(await call('POST', '/v1/batches', JSON.stringify(asked), headers)).id;
    };
    const first = await ask('0', { metadata: { team: 'a' } });
    expect(await ask('1', { metadata: { team: 'a' } })).toBe(first);
    const others = [
      await ask('0', { metadata: { team: 'a' } }),
      await ask('1'),
      await ask('1', { metadata: { team: 'b' } }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
    const metadata = { team: 'at once' };
    const [one, ...same] = await Promise.all(['0', '1', '2'].map((retries) => ask(retries, { metadata })));
    expect(same).toEqual([one, one]);
    expect(json(await call('GET', '/v1/batches')).data).toHaveLength(5);
  });

  test('are there for who asked for them, and for whoever runs the server; for others they are not', async () => {
    const as = (name: string, more: object = {}) => {
      caller = keyCaller({ name, ...more });
    };
    const seen = async () => ({
      files: json(await call('GET', '/v1/files')).data.map(({ id }: { id: string }) => id),
      batches: json(await call('GET', '/v1/batches')).data.map(({ id }: { id: string }) => id),
    });
    as('acme');
    await batches.start(double);
    const { id, input_file_id, output_file_id } = await end((await create(line(1))).id);
    expect(await seen()).toEqual({ files: expect.arrayContaining([input_file_id, output_file_id]), batches: [id] });
    as('other');
    expect(await seen()).toEqual({ files: [], batches: [] });
    const refusals = [
      ['GET', `/v1/files/${input_file_id}`],
      ['GET', `/v1/files/${input_file_id}/content`],
      ['GET', `/v1/files/${output_file_id}/content`],
      ['DELETE', `/v1/files/${input_file_id}`],
      ['GET', `/v1/batches/${id}`],
      ['POST', `/v1/batches/${id}/cancel`],
      ['GET', `/v1/batches?after=${id}`],
    ] as const;
    for (const [method, path] of refusals) {
      // As one that there is not.
      const without = path.replace(/[0-9a-f]{24,32}/, (digits) => digits.replaceAll(/./g, '0'));
      const text = async (asked: string) => {
        const { status, body } = await call(method, asked);
        return [
          status,
          Buffer.concat(body)
            .toString()
            .replace(/[0-9a-f]{24,32}/, '…'),
        ];
      };
      expect([path, ...(await text(path))]).toEqual([path, 404, expect.anything()]);
      expect(await text(path)).toEqual(await text(without));
    }
    const taken = JSON.stringify({ input_file_id, endpoint: '/v2/models/double/infer', completion_window: '24h' });
    expect((await call('POST', '/v1/batches', taken)).status).toBe(404);
    as('operator', { actions: ['infer', 'admin'] });
    expect((await seen()).batches).toEqual([id]);
    as('narrow', { models: ['double'] });
    expect((await call('GET', '/v1/batches')).status).toBe(403);
    caller = undefined;
    expect((await seen()).batches).toEqual([id]);
  });

  test('answer each line, in order, and keep apart what was refused, with the reason', async () => {
    await batches.start(double);
    const lines = [
      line(1),
      line(13),
      line(2, { body: { x: 'none' } }),
      line(3, { url: '/v2/models/none/infer' }),
      line(4, { custom_id: 4 }),
      line(5, { method: 'GET' }),
      line(6, { body: [] }),
      'no JSON\n',
      line(7),
    ];
    const created = await create(lines.join(''), { metadata: { of: 'a test' } });
    expect(created).toMatchObject({
      object: 'batch',
      endpoint: '/v2/models/double/infer',
      completion_window: '24h',
      metadata: { of: 'a test' },
    });
    const batch = await end(created.id);
    expect(batch).toMatchObject({
      status: 'completed',
      request_counts: { total: 9, completed: 2, failed: 7 },
      in_progress_at: expect.any(Number),
      completed_at: expect.any(Number),
      errors: null,
    });
    expect(await content(batch.output_file_id)).toEqual([
      {
        id: expect.any(String),
        custom_id: 'c1',
        response: { status_code: 200, request_id: expect.any(String), body: { y: 2 } },
        error: null,
      },
      {
        id: expect.any(String),
        custom_id: 'c7',
        response: { status_code: 200, request_id: expect.any(String), body: { y: 14 } },
        error: null,
      },
    ]);
    const refused = { message: 'not 13', type: 'invalid_request_error' };
    expect(await content(batch.error_file_id)).toMatchObject([
      { custom_id: 'c13', response: { status_code: 400, body: { error: refused } }, error: null },
      { custom_id: 'c2', response: { status_code: 404 }, error: null },
      {
        custom_id: 'c3',
        response: null,
        error: {
          message:
            'field \'url\': expected the batch\'s endpoint, "/v2/models/double/infer", got "/v2/models/none/infer"',
        },
      },
      { custom_id: null, error: { message: "field 'custom_id': expected a string that is not empty, got 4" } },
      { custom_id: 'c5', error: { message: 'field \'method\': expected "POST", got "GET"' } },
      { custom_id: 'c6', error: { message: "field 'body': expected an object, got []" } },
      { custom_id: null, response: null, error: { code: 'invalid_request' } },
    ]);
    expect(json(await call('GET', `/v1/files/${batch.output_file_id}`))).toMatchObject({ purpose: 'batch_output' });
  });

  test('are taken up by the next server, and nothing is answered twice', async () => {
    const { id } = await create(line(1) + line(2));
    // Its requests may be counted before the server starts.
    expect(['validating', 'in_progress']).toContain(json(await call('GET', `/v1/batches/${id}`)).status);
    await batches.stop().catch(() => undefined);
    open();
    const asked: number[] = [];
    await batches.start(async (request) => {
      asked.push(JSON.parse(Buffer.from(request.body).toString()).x);
      return double(request);
    });
    expect(await end(id)).toMatchObject({ status: 'completed', request_counts: { completed: 2 } });
    expect(asked).toEqual([1, 2]);
  });

  test('that were cancelled, and cut off before they had a report, are ended by the next server', async () => {
    const { id } = await create(line(1));
    await call('POST', `/v1/batches/${id}/cancel`);
    await batches.stop().catch(() => undefined);
    open();
    await batches.start(double);
    expect(await end(id)).toMatchObject({ status: 'cancelled' });
  });

  test('stop when they are cancelled, and cannot be cancelled once they are over', async () => {
    const { id } = await create(line(1));
    expect(json(await call('POST', `/v1/batches/${id}/cancel`))).toMatchObject({ status: 'cancelling' });
    await batches.start(double);
    expect(await end(id)).toMatchObject({
      status: 'cancelled',
      output_file_id: null,
      request_counts: { completed: 0 },
    });
    const again = await call('POST', `/v1/batches/${id}/cancel`);
    expect(again.status).toBe(409);
    expect(json(again).error.message).toBe(`the batch '${id}' is over: it is cancelled`);
  });

  test('of a file without requests fail in words', async () => {
    await batches.start(double);
    const batch = await end((await create('\n')).id);
    expect(batch).toMatchObject({
      status: 'failed',
      errors: { data: [{ message: 'the input file has no requests: write one a line' }] },
    });
  });

  test('of which two requests have one custom_id fail in words', async () => {
    await batches.start(double);
    const note = 'x'.repeat(600_000);
    const lines = [line(1), 'no JSON\n', line(2, { note }), line(3, { note }), line(4, { custom_id: 'c1' })];
    const { id } = await create(lines.join(''));
    expect(await end(id)).toMatchObject({
      status: 'failed',
      request_counts: { total: 0 },
      errors: {
        data: [{ message: 'requests 0 and 4 (the first is 0) have the same custom_id, "c1"; give each its own' }],
      },
    });
  });

  test('are listed, the newest first, some at a time', async () => {
    const ids: string[] = [];
    jest.useFakeTimers({ now: Date.now(), doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
    for (let count = 0; count < 3; count += 1) {
      ids.unshift((await create(line(count))).id);
      jest.setSystemTime(Date.now() + 1);
    }
    jest.useRealTimers();
    // A file that somebody has broken is no job.
    const broken = `batch_${'f'.repeat(24)}`;
    await writeFile(join(folder, `jobs/${broken}.json`), '{"id":');
    const first = json(await call('GET', '/v1/batches?limit=2'));
    expect(first).toMatchObject({
      object: 'list',
      has_more: true,
      first_id: first.data[0].id,
      last_id: first.data[1].id,
    });
    const second = json(await call('GET', `/v1/batches?limit=2&after=${first.last_id}`));
    expect(second).toMatchObject({ has_more: false });
    expect([...first.data, ...second.data].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(json(await call('GET', '/v1/files')).data).toHaveLength(3);
    expect((await call('GET', `/v1/batches/${broken}`)).status).toBe(404);
    await batches.start(double);
    expect(failures.splice(0)).toEqual([expect.any(SyntaxError)]);
  });

  test.each([
    ['GET', '/v1/batches/batch_0', '', 404, "there is no batch 'batch_0'"],
    ['GET', `/v1/batches/batch_${'0'.repeat(24)}`, '', 404, 'there is no batch'],
    ['GET', '/v1/batches/..%2F..%2Fsecret', '', 404, 'there is no batch'],
    ['GET', `/v1/batches?after=batch_${'0'.repeat(24)}`, '', 404, 'there is no batch'],
    ['GET', '/v1/batches?after=x', '', 404, "there is no batch 'x'"],
    ['GET', '/v1/batches?limit=0', '', 400, "parameter 'limit': expected a number from 1 to 100, got '0'"],
    ['POST', '/v1/batches', '{}', 400, "field 'input_file_id': expected the id of a file, got nothing"],
    ['POST', '/v1/batches', '{"input_file_id":"x","endpoint":"/v3"}', 400, "field 'endpoint': expected a path such as"],
    [
      'POST',
      '/v1/batches',
      '{"input_file_id":"x","endpoint":"/v2/models/double/infer","completion_window":"1h"}',
      400,
      'expected "24h"',
    ],
    [
      'POST',
      '/v1/batches',
      '{"input_file_id":"x","endpoint":"/v2/models/double/infer","metadata":{"a":1}}',
      400,
      "field 'metadata'",
    ],
    [
      'POST',
      '/v1/batches',
      '{"input_file_id":"file-x","endpoint":"/v2/models/double/infer"}',
      404,
      "there is no file 'file-x'",
    ],
    ['GET', '/v1/files?limit=10001', '', 400, "parameter 'limit': expected a number from 1 to 10000, got '10001'"],
    ['GET', '/v1/files?order=up', '', 400, "parameter 'order': expected asc or desc, got 'up'"],
    ['GET', '/v1/files?after=x', '', 400, "parameter 'after': expected the id of a file, got 'x'"],
    ['DELETE', `/v1/files/file-${'0'.repeat(32)}`, '', 404, 'there is no file'],
    ['DELETE', '/v1/files/..%2Fsecret', '', 404, 'there is no file'],
    ['PUT', '/v1/files', '', 405, 'PUT is not allowed here; use POST or GET or HEAD'],
    ['GET', '/v1/models', '', 404, 'there is nothing at /v1/models'],
    ['GET', '/v1/files/file-..%2Fx', '', 404, 'there is no file'],
    ['GET', `/v1/files/file-batch_${'0'.repeat(24)}-output/content`, '', 404, 'there is no file'],
    ['POST', '/v1/files', 'x', 415, 'expected multipart/form-data'],
  ])('%s %s %s is refused in words, as OpenAI has it', async (method, path, body, status, message) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    const { error } = json(answer);
    expect(error).toMatchObject({ message: expect.stringContaining(message), code: null });
    const [, field] = /^(?:field|parameter) '(\w+)'/.exec(error.message) ?? [];
    expect(error.param).toBe(field ?? (path.includes('?after=') ? 'after' : null));
    await batches.start(double);
  });

  test.each([
    [{ purpose: 'vision' }, 'x', 400, 'field \'purpose\': expected "batch" or "fine-tune", got "vision"'],
    [{ file: 'no file' }, 'x', 400, "field 'file': expected a file"],
    [{}, 'x'.repeat(2_000_001), 413, 'the file is 2000001 bytes, more than the 2000000 of one request'],
  ])('an upload with %j is refused', async (fields, text, status, message) => {
    const answer = await upload(text, fields);
    expect(answer.status).toBe(status);
    expect(json(answer).error.message).toContain(message);
    await batches.start(double);
  });

  test('have their files listed, the newest first or last, by purpose, page by page', async () => {
    await batches.start(double);
    const { id, input_file_id: input } = await create(line(1) + line(13));
    const { output_file_id: output, error_file_id: errors } = await end(id);
    // Made within the same second, they would be in any order.
    jest.useFakeTimers({ now: Date.now() + 5000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
    const later = json(await upload('later')).id;
    jest.useRealTimers();
    const ids = async (query: string) => {
      const { data, has_more: hasMore, first_id: first, last_id: last } = json(await call('GET', `/v1/files${query}`));
      const found = data.map((file: { id: string }) => file.id);
      expect([first, last]).toEqual([found[0] ?? null, found.at(-1) ?? null]);
      return [found, hasMore];
    };
    const [all, hasMore] = await ids('');
    expect(hasMore).toBe(false);
    expect(all[0]).toBe(later);
    expect(new Set(all)).toEqual(new Set([later, input, output, errors]));
    expect(await ids('?order=asc')).toEqual([all.toReversed(), false]);
    expect(await ids('?limit=3')).toEqual([all.slice(0, 3), true]);
    expect(await ids(`?limit=3&after=${all[2]}`)).toEqual([all.slice(3), false]);
    expect(await ids(`?limit=1&order=asc&after=${all[2]}`)).toEqual([[all[1]], true]);
    expect(await ids('?purpose=batch')).toEqual([[later, input], false]);
    expect(new Set((await ids('?purpose=batch_output'))[0])).toEqual(new Set([output, errors]));
    expect(await ids('?purpose=fine-tune')).toEqual([[], false]);
    expect(json(await call('GET', '/v1/files')).data[0]).toEqual(json(await call('GET', `/v1/files/${later}`)));
  });

  test('keep what they need from being deleted until they are over', async () => {
    const { id, input_file_id: input } = await create(line(1));
    const remove = () => call('DELETE', `/v1/files/${input}`);
    const refused = await remove();
    expect(refused.status).toBe(409);
    expect(json(refused).error.message).toBe(
      `'${input}' is the input of a batch that is not over: wait for its end, or cancel it first`,
    );
    await batches.start(double);
    expect(await end(id)).toMatchObject({ status: 'completed', request_counts: { completed: 1 } });
    expect(json(await remove())).toMatchObject({ deleted: true });
  });

  test('have what was uploaded deleted, also while it is listed, and nothing that they made', async () => {
    await batches.start(double);
    const { id } = await create(line(1));
    const { output_file_id: output } = await end(id);
    const refused = await call('DELETE', `/v1/files/${output}`);
    expect(refused.status).toBe(403);
    expect(json(refused).error.message).toBe(
      `'${output}' was not uploaded to /v1/files: it is in the data bucket for as long as that keeps it`,
    );
    let after = '';
    for (let left = 1; left >= 0; left -= 1) {
      const { data, has_more: hasMore } = json(await call('GET', `/v1/files?purpose=batch&limit=1${after}`));
      expect({ count: data.length, hasMore }).toEqual({ count: left, hasMore: false });
      if (left === 0) break;
      expect(json(await call('DELETE', `/v1/files/${data[0].id}`))).toEqual({
        id: data[0].id,
        object: 'file',
        deleted: true,
      });
      expect((await call('GET', `/v1/files/${data[0].id}`)).status).toBe(404);
      after = `&after=${data[0].id}`;
    }
    expect(await readdir(join(folder, 'files')).catch(() => [])).toEqual([]);
    expect(await content(output)).toHaveLength(1);
  });

  test('say where there is no place for them', async () => {
    router = new Router(batchRoutes(undefined), 256);
    const answer = await call('GET', '/v1/batches');
    expect(answer.status).toBe(404);
    expect(json(answer).error.message).toContain('serve --data <folder> gives it one');
    await batches.start(double);
  });
});
