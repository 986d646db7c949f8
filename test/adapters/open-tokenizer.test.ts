import { describe, expect, test } from '@jest/globals';
import { openTokenizer } from '../../src/adapters/open-tokenizer.ts';
import { loopTurns } from '../fakes/loop-turns.ts';

const [wordLevel, bpe] = ['WordLevel', 'BPE'];
const unknown = { unk_token: '[UNK]' };

function vocabulary(...tokens: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(['[UNK]', ...tokens].map((token, id) => [token, id]));
}

/** Tokens are those of Hugging Face's tokenizers 0.23 in Python. */
describe('a tokenizer.json gives the tokens that it says', () => {
  const kinds: Readonly<Record<string, readonly [object, string, readonly string[]]>> = {
    'words of letters beyond ASCII': [
      {
        pre_tokenizer: { type: 'Whitespace' },
        model: { type: wordLevel, vocab: vocabulary('naïve', 'café'), ...unknown },
      },
      'naïve café',
      ['naïve', 'café'],
    ],
    'marks one by one': [
      {
        pre_tokenizer: { type: 'Punctuation', behavior: 'Isolated' },
        model: { type: wordLevel, vocab: vocabulary('that', '"', '?'), ...unknown },
      },
      '"that"?',
      ['"', 'that', '"', '?'],
    ],
    'words without what parts them': [
      {
        pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: false },
        model: { type: wordLevel, vocab: vocabulary('I', 'lost'), ...unknown },
      },
      'I lost',
      ['I', 'lost'],
    ],
    'words with what follows them': [
      {
        pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
        model: { type: wordLevel, vocab: vocabulary('I ', 'lost'), ...unknown },
      },
      'I lost',
      ['I ', 'lost'],
    ],
    'pieces with a mark where a word goes on': [
      {
        pre_tokenizer: { type: 'WhitespaceSplit' },
        model: {
          type: bpe,
          vocab: vocabulary('a', '##b', 'ab'),
          merges: [['a', '##b']],
          continuing_subword_prefix: '##',
          ...unknown,
        },
      },
      'ab a',
      ['ab', 'a'],
    ],
    'bytes of what has no piece': [
      {
        model: {
          type: 'Unigram',
          unk_id: 0,
          byte_fallback: true,
          vocab: [
            ['<unk>', 0],
            ['<0xE6>', -5],
            ['<0xBC>', -5],
            ['<0xA2>', -5],
          ],
        },
      },
      '漢',
      ['<0xE6>', '<0xBC>', '<0xA2>'],
    ],
    'a mark of byte order as a letter': [
      {
        pre_tokenizer: { type: 'BertPreTokenizer' },
        model: { type: wordLevel, vocab: vocabulary('card'), ...unknown },
      },
      '\ufeffcard',
      ['[UNK]'],
    ],
  };

  test.each(Object.entries(kinds))('%s', async (_, [file, text, expected]) => {
    const tokenizer = await openTokenizer(JSON.stringify({ version: '1.0', ...file }));
    const { ids } = await tokenizer.encode(text, true);
    expect(ids.map((id) => tokenizer.token(id))).toEqual(expected);
  });
});

test('texts are neither cut nor filled up by what the file says of a batch', async () => {
  const tokenizer = await openTokenizer(
    JSON.stringify({
      version: '1.0',
      truncation: { direction: 'Right', max_length: 2, strategy: 'LongestFirst', stride: 0 },
      padding: {
        strategy: { Fixed: 6 },
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 0,
        pad_token: '[UNK]',
      },
      pre_tokenizer: { type: 'Whitespace' },
      model: { type: wordLevel, vocab: vocabulary('a'), ...unknown },
    }),
  );
  expect(tokenizer.maxTokens).toBe(2);
  expect((await tokenizer.encode('a a a', true)).ids).toEqual([1, 1, 1]);
});

test('numbers may be left out of a vocabulary, and those of tokens beside it be others than the file says', async () => {
  const model = { type: wordLevel, vocab: { '[UNK]': 0, a: 1, b: 7 }, ...unknown };
  const marks = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const added_tokens = [{ id: 99, content: '<end>', ...marks }];
  const tokenizer = await openTokenizer(
    JSON.stringify({
      version: '1.0',
      added_tokens,
      pre_tokenizer: { type: 'Whitespace' },
      decoder: { type: 'Fuse' },
      model,
    }),
  );
  const { ids } = await tokenizer.encode('a b <end>', true);
  expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabulary);
  expect(tokenizer.decode(ids)).toBe('ab');
  expect(tokenizer.tokenBytes()[ids[2] as number]).toBeUndefined();
});

test('a long text holds nobody up', async () => {
  const model = { type: wordLevel, vocab: vocabulary('a'), ...unknown };
  const tokenizer = await openTokenizer(
    JSON.stringify({ version: '1.0', pre_tokenizer: { type: 'Whitespace' }, model }),
  );
  const turns = loopTurns();
  const { ids } = await tokenizer.encode('a '.repeat(200_000), false);
  expect(turns()).toBeGreaterThan(2);
  expect(ids).toHaveLength(200_000);
});
