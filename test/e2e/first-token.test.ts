import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NodeServer } from '../../src/adapters/node-server/node-server.ts';
import { RequestsInHand } from '../../src/adapters/requests-in-hand.ts';
import { Router } from '../../src/http/router.ts';
import { textRoutes } from '../../src/http/text-routes.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeLanguageModel } from '../fakes/fake-language-model.ts';
import { TextService } from '../fakes/text-service.ts';

const asked: readonly (readonly [path: string, body: object])[] = [
  ['/v1/completions', { model: 'm', prompt: 'Once', stream: true }],
  ['/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'Once' }], stream: true }],
  ['/v2/models/m/generate_stream', { text_input: 'Once' }],
];

describe.each(asked)('a stream of %s over HTTP', (path, body) => {
  /** Opens for the second token. */
  let gate = Promise.withResolvers<void>();
  const model = new FakeLanguageModel(() => 'abcdefgh', {
    config: { chat_template: '{{ messages[0].content }}' },
    before: (made) => (made === 0 ? Promise.resolve() : gate.promise),
  });
  const inHand = new RequestsInHand(defaultLimits);
  let server: NodeServer;
  let url: string;
  const send = (signal?: AbortSignal) =>
    fetch(url + path, { method: 'POST', body: JSON.stringify(body), ...(signal && { signal }) });
  const made = () => model.asked.at(-1)?.made;

  beforeAll(async () => {
    const { parts } = new TextService(model, () => Promise.reject(new Error('none is wanted')));
    const router = new Router(textRoutes(parts, parts.openChatTemplate), 100);
    const options = { limits: defaultLimits, inHand, basePath: '', onAnswer: () => undefined };
    server = new NodeServer((request) => router.handle(request), options);
    url = await server.listen(0, '127.0.0.1');
  });
  afterAll(() => server.close(0));

  test('has the first token with its caller before the second is computed', async () => {
    const response = await send();
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let text = '';
    while (!/"(text|content|text_output)":\s*"a"/.test(text)) {
      const { value, done } = await reader.read();
      expect(done).toBe(false);
      text += decoder.decode(value);
    }
    expect(made()).toBe(1);
    gate.resolve();
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += decoder.decode(next.value);
    expect(made()).toBe(9);
    for (const letter of 'abcdefgh') expect(text).toMatch(new RegExp(`"(text|content|text_output)":\\s*"${letter}"`));
  });

  test('is worked on no longer where the caller has left', async () => {
    gate = Promise.withResolvers();
    const leaving = new AbortController();
    const response = await send(leaving.signal);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    leaving.abort();
    await expect(reader.read()).rejects.toThrow();
    // The server hears of it a moment later, while the model is at the second token.
    await new Promise((resolve) => setTimeout(resolve, 50));
    gate.resolve();
    for (let tries = 0; inHand.count > 0 && tries < 200; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect([inHand.count, model.asked.at(-1)]).toMatchObject([0, { made: 1, isEnded: true }]);
  });
});
