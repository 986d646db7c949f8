import { describe, expect, jest, test } from '@jest/globals';
import { lettersModel } from '../fakes/letters-model.ts';
import { lambdaEvent } from '../functions/lambda-event.ts';
import { Deployment } from './deployment.ts';

jest.setTimeout(60_000);
const deployment = new Deployment();
const delimiter = '\0'.repeat(8);
const environment = { TENSORGATE_STREAMS: 'true', TENSORGATE_ANSWER_SECONDS: '3' };

// The emulator takes what a function streams, and hands it on whole: what comes when, test/functions/streaming.test.ts
// has.
describe('the bundle, where it streams, under the emulator', () => {
  test('answers a path that streams with a head and bytes, and any other with a result, as a function does', async () => {
    const lambda = await deployment.function({ environment });
    const event = (path: string, resource: string) => lambdaEvent('GET', path, undefined, {}, resource);
    const [head = '', body = ''] = (await lambda.invoke(event('/v1/models', '/v1/{proxy+}'))).text.split(delimiter);
    expect(JSON.parse(head)).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(body)).toMatchObject({ object: 'list' });

    const { result, json } = await lambda.invoke(event('/v2/models/iris', '/v2/models/{model}'));
    expect([result.statusCode, json]).toMatchObject([200, { name: 'iris' }]);
    expect((await lambda.invoke({ source: 'tensorgate.warm-up' })).text).toBe('null');
    expect(lambda.log.match(/"message":"answered"/g)).toHaveLength(2);
  });

  test('streams what a language model says, and gives it whole where it is not asked for as a stream', async () => {
    for (const [name, content] of lettersModel) await deployment.put(`letters/1/${name}`, content);
    await deployment.put('letters/model.json', '{"task": "text-generation"}');
    const lambda = await deployment.function({ environment });
    const body = { model: 'letters', prompt: 'w', temperature: 0, stream: true };
    const ask = (resource: string) => lambda.invoke(lambdaEvent('POST', '/v1/completions', body, {}, resource));
    const texts = (events: string) => [...events.matchAll(/"text":"(.*?)"/g)].map(([, text]) => text).join('');

    const [head = '', events = ''] = (await ask('/v1/{proxy+}')).text.split(delimiter);
    expect(JSON.parse(head).headers['content-type']).toMatch(/^text\/event-stream/);
    expect(texts(events)).toBe('xyz');
    expect(events).toMatch(/\n\ndata: \[DONE\]\n\n$/);
    expect(texts((await ask('/v2/{proxy+}')).result.body)).toBe('xyz');
    expect(lambda.log).toMatch(/"message":"answered".*"model":"letters"/);

    const several = { ...body, stream: false, prompt: ['w', 'x'], n: 8 };
    const [, whole = ''] = (
      await lambda.invoke(lambdaEvent('POST', '/v1/completions', several, {}, '/v1/{proxy+}'))
    ).text.split(delimiter);
    expect(JSON.parse(whole).choices.map(({ text }: { text: string }) => text)).toEqual([
      ...Array(8).fill('xyz'),
      ...Array(8).fill('yz'),
    ]);
  });

  test('gives what does not stream its own time, though the function has more', async () => {
    const lambda = await deployment.function({ environment, timeoutSeconds: 60 });
    const slow = (rows: number) => ({
      inputs: [{ name: 'shape', datatype: 'INT64', shape: [2], data: [rows, rows] }],
    });
    await lambda.call('POST', '/v2/models/slow/infer', slow(2));
    const late = await lambda.call('POST', '/v2/models/slow/infer', slow(3000));
    expect(late.json.error).toMatch(/^there was no answer within the 2\.\d s/);
  });

  test('an event that is no request fails the invocation, and the next is answered', async () => {
    const lambda = await deployment.function({ environment });
    await lambda.invoke({ source: 'elsewhere' });
    const { text } = await lambda.invoke(lambdaEvent('GET', '/v1/models', undefined, {}, '/v1/{proxy+}'));
    expect(text).toContain(`${delimiter}{"object":"list"`);
  });
});
