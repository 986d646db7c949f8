import { describe, expect, test } from '@jest/globals';
import { jsonResponse } from '../../src/http/json-response.ts';
import { Router } from '../../src/http/router.ts';

describe('Router', () => {
  const router = new Router(
    [
      ['GET', '/v2/models', 'read', () => jsonResponse('names')],
      ['GET', '/v2/models/stats', 'read', () => jsonResponse('all')],
      ['GET', '/v2/models/:model', 'read', (_request, parameters) => jsonResponse(parameters)],
      ['POST', '/v2/models/:model', 'read', (_request, parameters) => jsonResponse(parameters)],
    ],
    10,
  );
  const handle = async (method: string, path: string) => {
    const gone = () => new AbortController().signal;
    const { body } = await router.handle({ method, path, headers: {}, body: new Uint8Array(), requestId: 'r', gone });
    return JSON.parse(new TextDecoder().decode(body[0]));
  };

  test('a literal segment comes before one that varies', async () => {
    expect(await handle('GET', '/v2/models/stats')).toBe('all');
    expect(await handle('GET', '/v2/models/a%2Fb')).toEqual(['a/b']);
  });

  test('an unknown path is 404', async () => {
    await expect(handle('GET', '/v2/model/a')).rejects.toMatchObject({
      status: 404,
      message: 'there is nothing at /v2/model/a; GET /openapi.json lists the routes, and /docs shows them',
    });
    for (const path of ['/', '//', '/v2/models//'])
      await expect(handle('GET', path)).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    ['GET', '/v2/systemsharedmemory/status', 'shared memory is not offered: send tensors in the request'],
    ['POST', '/v2/cudasharedmemory/region/a/register', 'shared memory is not offered: send tensors in the request'],
    ['POST', '/v2/models/a/trace/setting', 'how requests are traced is not set by callers'],
    ['GET', '/v2/logging', 'what is logged is not set by callers: the server is started with --log-level'],
    ['POST', '/v1/models/a:predict', "V1 of KServe's protocol is not spoken here: POST /v2/models/{model}/infer"],
  ])('%s %s, which other servers have, is 404 and says what to do', async (method, path, hint) => {
    await expect(handle(method, path)).rejects.toMatchObject({
      status: 404,
      message: `there is nothing at ${path}; ${hint}`,
    });
  });

  test('a slash at the end makes no difference', async () => {
    expect(await handle('GET', '/v2/models/')).toBe('names');
    expect(await handle('GET', '/v2/models/a/')).toEqual(['a']);
  });

  test('a wrong method is 405 and names the right ones', async () => {
    await expect(handle('DELETE', '/v2/models/a')).rejects.toMatchObject({
      status: 405,
      allow: ['GET', 'HEAD', 'POST'],
    });
  });

  test('broken percent-encoding is 400, an overlong name 413', async () => {
    await expect(handle('GET', '/v2/models/%zz')).rejects.toMatchObject({ status: 400 });
    await expect(handle('GET', `/v2/models/${'a'.repeat(31)}`)).rejects.toMatchObject({
      status: 413,
      message: expect.stringContaining('10 characters'),
    });
  });
});
