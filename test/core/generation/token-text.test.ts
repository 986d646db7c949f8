import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openTokenizer } from '../../../src/adapters/open-tokenizer.ts';
import { TokenText } from '../../../src/core/generation/token-text.ts';
import type { Tokenizer } from '../../../src/ports/tokenizer.ts';
import { storyToken, storyTokenizer } from '../../fakes/story-tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await openTokenizer(JSON.stringify(storyTokenizer));
});

const tokensOf = (text: string) => [...new TextEncoder().encode(text)].map(storyToken);

/** The pieces of tokens behind a prompt, and what is left. */
function pieces(tokens: readonly number[], prompt: readonly number[] = []): string[] {
  const text = new TokenText(tokenizer, prompt);
  return [...tokens.map((token) => text.push(token)), text.end()];
}

describe('the text of tokens that come one by one', () => {
  test('a text begins without the space that its first token has, and goes on with it', () => {
    const story = ['▁Once', '▁upon', '▁a', '▁time'].map(storyToken);
    expect(pieces(story, [1])).toEqual(['Once', ' upon', ' a', ' time', '']);
    expect(pieces(story.slice(2), [1, ...story.slice(0, 2)])).toEqual([' a', ' time', '']);
    expect(pieces(story.slice(2), [])).toEqual(['a', ' time', '']);
  });

  test('no part of a character is given until it is whole', () => {
    expect(pieces(tokensOf('é日🙂!'))).toEqual(['', 'é', '', '', '日', '', '', '', '🙂', '!', '']);
    const [first, ...rest] = tokensOf('日');
    expect(pieces(rest, [storyToken('▁a'), first as number])).toEqual(['', '日', '']);
  });

  test('a character that does not become whole is given with what comes behind it, or at the end', () => {
    const [first, second] = tokensOf('日') as [number, number];
    expect(pieces([first, second])).toEqual(['', '', '\uFFFD\uFFFD']);
    expect(pieces([storyToken('b'), first, storyToken('!')])).toEqual(['b', '', '\uFFFD!', '']);
  });

  test('what a prompt ends within is no text of the tokens where they do not complete it', () => {
    const [first, second, third] = tokensOf('日') as [number, number, number];
    const prompt = [storyToken('▁Once'), first, second];
    expect(pieces([storyToken('▁a')], prompt)).toEqual([' a', '']);
    expect(pieces([storyToken(0xff), storyToken('b')], prompt)).toEqual(['', '\uFFFDb', '']);
    expect(pieces([third], prompt)).toEqual(['日', '']);
    expect(pieces([], prompt)).toEqual(['']);
    expect(new TokenText(tokenizer, prompt).peek(storyToken('▁a'))).toBe(' a');
    const echoed = new TokenText(tokenizer, prompt, true);
    expect(echoed.push(storyToken('▁a'))).toMatch(/^\uFFFD+ a$/);
  });

  test('tokens that are no character never hold back more than one may have', () => {
    const [first] = tokensOf('日') as [number];
    const text = new TokenText(tokenizer, []);
    const given = Array.from({ length: 100 }, () => text.push(first).length);
    expect(given.reduce((sum, length) => sum + length)).toBeGreaterThan(90);
    expect(text.push(storyToken('b'))).toMatch(/^\uFFFD{1,4}b$/);
  });

  test('only the last tokens are decoded again', () => {
    let most = 0;
    const counting: Tokenizer = {
      ...tokenizer,
      decode(ids) {
        most = Math.max(most, ids.length);
        return tokenizer.decode(ids);
      },
    };
    const text = new TokenText(
      counting,
      Array.from({ length: 1000 }, () => 1),
    );
    for (let count = 0; count < 1000; count += 1)
      text.push([1, storyToken('▁'), storyToken('b'), 0xff][count % 4] ?? 0);
    for (let count = 0; count < 100; count += 1) text.push(1);
    expect(most).toBeLessThan(30);
  });

  test.each<[string, object]>([
    ['strip the first space', storyTokenizer.decoder],
    [
      'write spaces as Llama does',
      {
        type: 'Sequence',
        decoders: [
          { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
        ],
      },
    ],
    ['leave texts as they are', { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }] }],
  ])('of decoders that %s, the pieces are the whole text, wherever it begins', async (_, decoder) => {
    const any = await openTokenizer(JSON.stringify({ ...storyTokenizer, decoder }));
    const character = fc.oneof(fc.constantFrom(' ', 'b', '!', '日', 'é'), fc.string({ unit: 'binary', maxLength: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(character), fc.array(character), async (before, after) => {
        const prompt = (await any.encode(before.join(''), true)).ids;
        const tokens = (await any.encode(` ${after.join('')}`, false)).ids.slice(1);
        const text = new TokenText(any, prompt);
        const found = tokens.map((token) => text.push(token)).join('') + text.end();
        expect(any.decode(prompt) + found).toBe(any.decode([...prompt, ...tokens]));
      }),
      { numRuns: 150 },
    );
  });

  test('bytes as GPT-2 writes them make whole characters too', async () => {
    // Each byte is a character of its own there: those of é are Ã and ©, a space is Ġ.
    const vocabulary = ['Ã', '©', 'Ġ', 'a', 'Ġa'];
    const bytes = await openTokenizer(
      JSON.stringify({
        ...storyTokenizer,
        normalizer: null,
        decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
        model: {
          ...storyTokenizer.model,
          byte_fallback: false,
          unk_token: null,
          vocab: {
            '<unk>': 0,
            '<s>': 1,
            '</s>': 2,
            ...Object.fromEntries(vocabulary.map((token, index) => [token, index + 3])),
          },
        },
      }),
    );
    const text = new TokenText(bytes, [1, 6]);
    expect([7, 3, 4, 5, 3].map((token) => text.push(token))).toEqual([' a', '', 'é', ' ', '']);
    expect(text.end()).toBe('\uFFFD');
  });
});
