import { beforeEach, describe, expect, test } from '@jest/globals';
import { generateRoute } from '../../../src/http/generate/generate-route.ts';
import { FakeLanguageModel } from '../../fakes/fake-language-model.ts';
import { readAnswer, TextService } from '../../fakes/text-service.ts';

describe("Triton's generate extension", () => {
  let model: FakeLanguageModel;
  let service: TextService;

  function make(answer: string, before?: (made: number) => Promise<void>): void {
    model = new FakeLanguageModel(() => answer, before && { before });
    service = new TextService(model, () => Promise.reject(new Error('none is wanted')));
  }

  const ask = async (body: object, isStreamed = false) => {
    const handler = generateRoute(service.parts, isStreamed);
    return readAnswer(await service.send(handler, '/v2/models/m/generate', body, ['m']));
  };

  beforeEach(() => make(' né'));

  test('a text goes on', async () => {
    const { status, json } = await ask({ id: 'a', text_input: 'Once', parameters: { temperature: 0, stop: ['x'] } });
    expect([status, json]).toEqual([200, { id: 'a', model_name: 'm', model_version: '1', text_output: ' né' }]);
    expect(model.asked[0]).toMatchObject({ prompt: 'Once', settings: { maxTokens: 20, temperature: 0 } });
  });

  test('a stream has an event for each piece, and no more', async () => {
    const { events } = await ask({ text_input: 'Once', parameters: { stream: true } }, true);
    expect(events).toEqual(
      [' ', 'n', 'é', ''].map((text) => ({ model_name: 'm', model_version: '1', text_output: text })),
    );
  });

  test('details tell tokens, and why the text ended', async () => {
    const parameters = { details: true, stop: ['é'] };
    const token = (id: number, text: string, place: number) => ({ id, text, logprob: -place / 8, special: false });
    expect((await ask({ text_input: '', parameters })).json.details).toEqual({
      finish_reason: 'stop_sequence',
      logprobs: [token(32, ' ', 1), token(110, 'n', 2)],
      prompt_tokens: 1,
      completion_tokens: 4,
    });
    expect((await ask({ text_input: '', parameters: { details: true } })).json.details.finish_reason).toBe('eos_token');
    const { events } = await ask({ text_input: '', parameters: { details: true, max_tokens: 4 } }, true);
    expect(events.map(({ text_output: text, details }) => [text, details])).toEqual([
      [' ', { finish_reason: null, token: token(32, ' ', 1) }],
      ['n', { finish_reason: null, token: token(110, 'n', 2) }],
      ['', { finish_reason: null, token: token(195, '\uFFFD', 3) }],
      ['é', { finish_reason: 'length', token: token(169, 'é', 4) }],
    ]);
  });

  test.each([
    [{}, "field 'text_input': expected a text, got nothing"],
    [{ text_input: 1 }, "field 'text_input'"],
    [{ text_input: '', text: '' }, "there is no field 'text'"],
    [{ text_input: '', parameters: [] }, "field 'parameters': expected an object"],
    [{ text_input: '', parameters: { max_tokens: 0 } }, "parameter 'max_tokens': expected a whole number from 1"],
    [
      { text_input: '', parameters: { beam_width: 2 } },
      "there is no parameter 'beam_width'; the parameters are max_tokens",
    ],
    [{ text_input: 'x'.repeat(5000) }, 'the prompt has 5001 tokens'],
  ])('%.80j is refused, as JSON for streams too', async (body, words) => {
    for (const isStreamed of [false, true]) {
      const { status, json } = await ask(body, isStreamed);
      expect([status, json]).toEqual([400, { error: expect.stringContaining(words) }]);
    }
  });

  test('what fails later is the last event', async () => {
    make('abc', async (made) => {
      if (made === 2) service.caller.abort(new Error('gone'));
    });
    const handler = generateRoute(service.parts, true);
    const answer = await service.send(handler, '/v2/models/m/generate_stream', { text_input: '' }, ['m']);
    const texts: string[] = [];
    await expect(async () => {
      for await (const piece of answer.stream ?? []) texts.push(new TextDecoder().decode(piece));
    }).rejects.toThrow('gone');
    expect(texts.at(-1)).toMatch(
      /^data: \{"error":"the server failed; its log has the reason under request id r1"\}\n\n$/,
    );
  });
});
