import { expect, test } from '@jest/globals';
import { tokenBytes } from '../../src/adapters/token-bytes.ts';

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1');

test('bytes of tokens where a space is a character of its own, and bytes stand by number', () => {
  const decoders = [
    { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ];
  const file = { added_tokens: [{ id: 0 }], decoder: { type: 'Sequence', decoders } };
  const bytes = tokenBytes(file, { '</s>': 0, '<0xE9>': 1, '▁a▁': 2, é: 3 });
  expect(bytes.map(text)).toEqual([undefined, '\xe9', ' a ', '\xc3\xa9']);
});

test('bytes of tokens where each byte is a character', () => {
  const bytes = tokenBytes({ decoder: { type: 'ByteLevel' } }, { Ġa: 0, Ċ: 1, 'Ã©': 2, '¡': 3, Ń: 4 });
  expect(bytes.map(text)).toEqual([' a', '\n', '\xc3\xa9', '\xa1', '\xad']);
});

test('bytes of tokens by Metaspace', () => {
  const file = { added_tokens: [{ id: 0 }], decoder: { type: 'Metaspace' } };
  const bytes = tokenBytes(file, { '<unk>': 0, '▁the': 1 });
  expect(bytes.map(text)).toEqual([undefined, ' the']);
});

test.each([
  [{ type: 'WordPiece' }, 'WordPiece'],
  [null, 'none'],
])('a decoder that does more than join bytes is named: %j', (decoder, name) => {
  expect(() => tokenBytes({ decoder }, { a: 0 })).toThrow(`has the decoder ${name}`);
});
