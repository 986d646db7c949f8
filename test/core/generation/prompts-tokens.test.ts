import { expect, test } from '@jest/globals';
import { promptsTokens } from '../../../src/core/generation/prompts-tokens.ts';
import type { Tokenizer } from '../../../src/ports/tokenizer.ts';
import { byteTokenizer } from '../../fakes/fake-language-model.ts';
import { loopTurns } from '../../fakes/loop-turns.ts';

const signal = () => new AbortController().signal;

test('prompts may be texts or tokens; a caller that has left waits for none', async () => {
  const model = { tokenizer: byteTokenizer, maxPositions: 8192 };
  const prompts = ['a', 'b'.repeat(5_000), [3, 4]];
  const [short, long, given] = await promptsTokens(model, prompts, signal);
  expect([short, long?.length, given]).toEqual([[256, 97], 5_001, [3, 4]]);
  const endless = { ...model, tokenizer: { ...byteTokenizer, encode: () => new Promise<never>(() => undefined) } };
  const left = AbortSignal.timeout(20);
  await expect(promptsTokens(endless, ['a'], () => left)).rejects.toMatchObject({ status: 504 });
});

test('of long prompts one is looked at at a time, and none whose caller has left', async () => {
  const begun: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const encode: Tokenizer['encode'] = async (text, isWhole) => {
    begun.push(text.slice(0, 1));
    await gate;
    return byteTokenizer.encode(text, isWhole);
  };
  const model = { tokenizer: { ...byteTokenizer, encode }, maxPositions: 65_536 };
  const leaving = new AbortController();
  const long = (letter: string, left: () => AbortSignal) => promptsTokens(model, [letter.repeat(20_000)], left);
  const first = long('a', signal);
  const second = long('b', () => leaving.signal);
  const third = long('c', signal);
  const short = promptsTokens(model, ['d'], signal);
  leaving.abort();
  await expect(second).rejects.toMatchObject({ status: 504 });
  expect(begun).toEqual(['a', 'd']);
  open();
  const found = await Promise.all([first, third, short]);
  expect(found.map(([tokens]) => tokens?.length)).toEqual([20_001, 20_001, 2]);
  expect(begun).toEqual(['a', 'd', 'c']);
});

test('the event loop turns between many prompts', async () => {
  const encode = async () => {
    const until = performance.now() + 11;
    while (performance.now() < until);
    return { ids: [1], typeIds: [0], texts: () => [], placeOf: () => undefined };
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
