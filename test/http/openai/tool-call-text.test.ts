import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ToolCallText } from '../../../src/http/openai/tool-call-text.ts';

/** Reads a text in pieces: the name, and the arguments as they came. */
function read(pieces: readonly string[]) {
  const call = new ToolCallText();
  let name: string | undefined;
  const given: string[] = [];
  for (const piece of pieces) {
    const delta = call.push(piece);
    if (delta?.name !== undefined) name = delta.name;
    if (delta) given.push(delta.arguments);
  }
  return { name, arguments: given.join('') + call.end(), given };
}

describe('a call as its text comes', () => {
  test.each([
    ['{"name":"f","arguments":{}}', 'f', '{}'],
    ['{ "name" : "f" , "arguments" : {"a": {"b": [1]}} }', 'f', '{"a": {"b": [1]}}'],
    ['\n{"name": "f\\"\\u00e9", "arguments": {"a": "}}"}}\n', 'f"é', '{"a": "}}"}'],
    ['<tool_call>\n{"name": "f", "arguments": {}}', 'f', '{}'],
    ['{"name": "f", "arguments": {"a": "x', 'f', '{"a": "x'],
    ['{"name": "f", "arguments": {"a": {}', 'f', '{"a": {}'],
    ['{"name": "f", "argum', undefined, ''],
    ['', undefined, ''],
  ])('%j', (text, name, values) => {
    expect(read([text])).toMatchObject({ name, arguments: values });
    expect(read([...text])).toMatchObject({ name, arguments: values });
  });

  test('whatever its arguments are, and in whatever pieces they come, they are told as they are', () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(values, fc.boolean(), fc.array(fc.nat(12)), (value, isSpaced, sizes) => {
        const written = JSON.stringify(value, undefined, isSpaced ? 2 : 0);
        let rest = isSpaced ? `{\n "name": "f",\n "arguments": ${written}\n}` : `{"name":"f","arguments":${written}}`;
        const pieces: string[] = [];
        for (const size of sizes) {
          pieces.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        expect(read([...pieces, rest])).toMatchObject({ name: 'f', arguments: written });
      }),
    );
  });
});
