import { expect, test } from '@jest/globals';
import { answerWith } from '../../../src/adapters/batch/answer-with.ts';

test('a line of a batch that would stream is refused, and its stream is never begun', async () => {
  let isBegun = false;
  async function* stream(): AsyncGenerator<Uint8Array, void> {
    isBegun = true;
    yield new Uint8Array(1);
  }
  const answer = answerWith(
    async () => ({ status: 200, headers: [], body: [], stream: stream() }),
    new AbortController().signal,
  );
  const { status, body } = await answer({ url: '/v1/chat/completions', body: '{"stream": true}', customId: 'a' }, 'a');
  expect([status, JSON.parse(body)]).toMatchObject([400, { error: { message: expect.stringContaining('"stream"') } }]);
  expect(isBegun).toBe(false);
});
