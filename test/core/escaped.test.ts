import { expect, test } from '@jest/globals';
import { escaped } from '../../src/core/escaped.ts';

test.each([
  ['a & b < c', 'a &amp; b &lt; c'],
  [']]>', ']]&gt;'],
  ['\x01\x1b[1m', '\ufffd\ufffd[1m'],
  ['\ud83d, \ufffe', '\ufffd, \ufffd'],
  ['日本 😀\t\n', '日本 😀\t\n'],
])('%j is a text of XML', (text, xml) => {
  expect(escaped(text)).toBe(xml);
});
