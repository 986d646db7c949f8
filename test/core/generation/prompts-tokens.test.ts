import { expect, test } from '@jest/globals';
import { promptsTokens } from '../../../src/core/generation/prompts-tokens.ts';
import { byteTokenizer } from '../../fakes/fake-language-model.ts';
import { loopTurns } from '../../fakes/loop-turns.ts';

const signal = () => new AbortController().signal;

test('tokens of long prompts are found aside, where there is something for it, those of others at once', async () => {
  const asked: unknown[] = [];
  const encodeAside = async (text: string, isWhole: boolean) => {
    asked.push([text.length, isWhole]);
    return [7];
  };
  const prompts = ['a', 'b'.repeat(5_000), [3, 4]];
  const model = { tokenizer: { ...byteTokenizer, encodeAside }, maxPositions: 8192 };
  expect(await promptsTokens(model, prompts, signal)).toEqual([[256, 97], [7], [3, 4]]);
  expect(asked).toEqual([[5_000, true]]);
  const [, here] = await promptsTokens({ tokenizer: byteTokenizer, maxPositions: 8192 }, prompts, signal);
  expect(here).toHaveLength(5_001);
});

test('the event loop turns between many prompts', async () => {
  const encode = () => {
    const until = performance.now() + 11;
    while (performance.now() < until);
    return { ids: [1], typeIds: [0] };
  };
  const turns = loopTurns();
  await promptsTokens({ tokenizer: { ...byteTokenizer, encode }, maxPositions: 9 }, Array(20).fill('a'), signal);
  expect(turns()).toBeGreaterThanOrEqual(19);
});

test('what is too long, or no token, is refused', async () => {
  const model = { tokenizer: byteTokenizer, maxPositions: 9 };
  await expect(promptsTokens(model, ['a'.repeat(145)], signal)).rejects.toMatchObject({ status: 400 });
  await expect(promptsTokens(model, [[258]], signal)).rejects.toMatchObject({ status: 400, field: 'prompt' });
});

test('of several the one at fault is named, before any is gone on with', async () => {
  const model = { tokenizer: byteTokenizer, maxPositions: 9 };
  await expect(promptsTokens(model, ['a', 'a'.repeat(8)], signal)).rejects.toMatchObject({
    status: 400,
    code: 'context_length_exceeded',
    message: 'prompt 1: the prompt has 9 tokens, and 9 fit, prompt and answer together: shorten it to 8 at most',
  });
  await expect(promptsTokens(model, ['a', [258]], signal)).rejects.toMatchObject({
    field: 'prompt',
    message: 'prompt 1: expected tokens of 0 to 257, got 258',
  });
});
