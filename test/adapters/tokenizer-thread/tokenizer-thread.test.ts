import { expect, test } from '@jest/globals';
import { openTokenizer } from '../../../src/adapters/open-tokenizer.ts';
import { TokenizerThread } from '../../../src/adapters/tokenizer-thread/tokenizer-thread.ts';
import { loopTurns } from '../../fakes/loop-turns.ts';
import { storyTokenizer } from '../../fakes/story-tokenizer.ts';

const json = JSON.stringify(storyTokenizer);
const text = 'Once upon a time. '.repeat(2_000);
const { signal } = new AbortController();

test('long texts have the tokens that they have on the event loop, which turns meanwhile', async () => {
  const thread = new TokenizerThread(json, 0);
  const turns = loopTurns();
  const [whole, part] = await Promise.all([thread.encode(text, true, signal), thread.encode(text, false, signal)]);
  expect(turns()).toBeGreaterThan(10);
  const tokenizer = await openTokenizer(json);
  expect(whole).toEqual(tokenizer.encode(text, true).ids);
  expect(part).toEqual(tokenizer.encode(text, false).ids);
  // Nobody asks any more.
  while (thread.isRunning) await new Promise(setImmediate);
});

test('a caller who leaves ends the work at once, and the next has a thread again', async () => {
  const thread = new TokenizerThread(json, 0);
  const caller = new AbortController();
  const asked = thread.encode('Once upon a time. '.repeat(100_000), true, caller.signal);
  const next = thread.encode('Once', false, signal);
  setImmediate(() => caller.abort());
  await expect(asked).rejects.toMatchObject({ status: 504 });
  expect((await next).length).toBeGreaterThan(0);
  await expect(thread.encode('Once', false, caller.signal)).rejects.toMatchObject({ status: 504 });
});

test('what breaks the thread is told, and the next text has a new one', async () => {
  const broken = new TokenizerThread('{', 0);
  await expect(broken.encode('a', true, signal)).rejects.toThrow('tokenizer.json cannot be used');
  await expect(broken.encode('a', true, signal)).rejects.toThrow('tokenizer.json cannot be used');
});
