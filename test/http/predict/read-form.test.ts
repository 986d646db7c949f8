import { expect, test } from '@jest/globals';
import { readForm } from '../../../src/http/predict/read-form.ts';

/** A form with one text and these parameters. */
async function read(parameters: string) {
  const form = new FormData();
  form.set('inputs', 'a');
  form.set('parameters', parameters);
  const sent = new Response(form);
  return readForm({
    method: 'POST',
    path: '/',
    headers: { 'content-type': sent.headers.get('content-type') ?? '' },
    body: new Uint8Array(await sent.arrayBuffer()),
    requestId: '1',
    gone: () => new AbortController().signal,
  });
}

test('parameters of a form are JSON that nests no deeper than that of a body', async () => {
  await expect(read('{"top_k": 3}')).resolves.toEqual({ item: 'a', parameters: { top_k: 3 } });
  await expect(read(`{"a": ${'['.repeat(200)}${']'.repeat(200)}}`)).rejects.toMatchObject({ status: 413 });
});
