import { expect, test } from '@jest/globals';
import { readForm } from '../../../src/http/predict/read-form.ts';

function readBody(body: Uint8Array, type: string) {
  const headers = { 'content-type': type };
  const gone = () => new AbortController().signal;
  return readForm({ method: 'POST', path: '/', headers, body, requestId: '1', gone });
}

/** A form with one text and these parameters. */
async function read(parameters: string | File) {
  const form = new FormData();
  form.set('inputs', 'a');
  form.set('parameters', parameters);
  const sent = new Response(form);
  return readBody(new Uint8Array(await sent.arrayBuffer()), sent.headers.get('content-type') ?? '');
}

const part = (name: string, more = '') =>
  `--B\r\n${more}Content-Disposition: form-data; name="${name}"; filename=""\r\n\r\nabc\r\n`;
const readText = (text: string, boundary = 'B') =>
  readBody(new TextEncoder().encode(text), `multipart/form-data; boundary=${boundary}`);

test('parameters of a form are JSON that nests no deeper than that of a body', async () => {
  await expect(read('{"top_k": 3}')).resolves.toEqual({ item: 'a', parameters: { top_k: 3 } });
  await expect(read(`{"a": ${'['.repeat(200)}${']'.repeat(200)}}`)).rejects.toMatchObject({ status: 413 });
});

test('parameters may be sent as a file of JSON', async () => {
  const file = (text: string) => new File([text], 'parameters.json', { type: 'application/json' });
  await expect(read(file('{"top_k": 3}'))).resolves.toEqual({ item: 'a', parameters: { top_k: 3 } });
  await expect(read(file('top_k'))).rejects.toThrow('expected JSON such as {"top_k": 3}, got \'top_k\'');
});

test('a form of many parts, or with a head of much, is refused before it is read', async () => {
  await expect(readText(`${part('a').repeat(16)}--B--`)).rejects.toThrow("got 'a'");
  await expect(readText(`${part('a').repeat(17)}--B--`)).rejects.toMatchObject({
    status: 400,
    message: 'a form has 16 parts at most, got more',
  });
  await expect(readText(`${part('file', 'X-A: b\r\n'.repeat(3000))}--B--`)).rejects.toThrow(
    'the form cannot be read: expected the head of part 1 to end, with an empty line, within 16384 bytes',
  );
  const read = { item: new TextEncoder().encode('abc'), parameters: {} };
  // What is behind the end is no part of it, and a boundary that is said twice is the first.
  await expect(readText(`${part('file')}--B--${part('a').repeat(99)}`)).resolves.toEqual(read);
  await expect(readText(`${part('file')}--B--`, '"B"; boundary=C')).resolves.toEqual(read);
  await expect(readText(`${part('file')}--B--`, '')).rejects.toThrow('its Content-Type has no boundary');
});
