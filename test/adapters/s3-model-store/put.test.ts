import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../fakes/fake-s3.ts';
import { modelOf, TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const MiB = 1024 * 1024;
// Of two parts.
const large = modelOf(17 * MiB);
let small = '';
let words = '';
beforeEach(async () => {
  small = await here.write('model.onnx', modelOf(100));
  words = await here.write('words', 'x\n');
});

function put(files: Record<string, string> = { 'model.onnx': small }) {
  return here.store.put('a', 1, new Map(Object.entries(files)));
}

/** The first request of a method and key meets a fault. */
function breakFirst(method: string, key: RegExp, fault: Fault): void {
  let isMet = false;
  here.s3.fault = (request) => {
    if (isMet || request.method !== method || !key.test(request.key)) return undefined;
    isMet = true;
    return fault;
  };
}

test('the model comes last, and each object has its checksum', async () => {
  await put({ 'model.onnx': small, 'labels.txt': words, 'deep/er.bin': words });
  expect([...here.s3.objects.keys()]).toEqual(['root/a/1/deep/er.bin', 'root/a/1/labels.txt', 'root/a/1/model.onnx']);
  for (const object of here.s3.objects.values()) expect(object.checksums).toHaveProperty('x-amz-checksum-crc32');
});

describe('a large model', () => {
  beforeEach(async () => {
    await here.write('large.onnx', large);
  });

  const files = () => ({ 'model.onnx': `${here.folder}/large.onnx` });

  test('is stored in parts, and comes back as it was, checked by one checksum', async () => {
    await put(files());
    expect(here.s3.uploads.size).toBe(0);
    expect(here.s3.count('PUT', /model/)).toBe(2);
    const { path } = await here.store.fetch('a', 1);
    expect(Buffer.compare(await readFile(path), large)).toBe(0);
    expect(here.s3.objects.get('root/a/1/model.onnx')?.checksums).toHaveProperty('x-amz-checksum-crc32');
  });

  test.each([
    ['a part meets 503 SlowDown', 'PUT', { status: 503, code: 'SlowDown' }],
    ['the answer to a part is lost', 'PUT', { answerLost: true }],
    ['the completion meets 500', 'POST', { status: 500 }],
  ])('is stored though %s', async (_case, method, fault) => {
    breakFirst(method, /model/, fault);
    await put(files());
    expect(here.s3.objects.get('root/a/1/model.onnx')?.body.length).toBe(large.length);
  });

  test('is stored though the answer to its completion is lost', async () => {
    let isMet = false;
    here.s3.fault = ({ method, query }) => {
      if (isMet || method !== 'POST' || !query.has('uploadId')) return undefined;
      isMet = true;
      return { answerLost: true };
    };
    await put(files());
    expect(here.s3.objects.size).toBe(1);
  });

  test('that cannot be stored leaves nothing, no parts either', async () => {
    here.s3.fault = ({ query }) =>
      query.get('partNumber') === '2' ? { status: 403, code: 'AccessDenied' } : undefined;
    await expect(put(files())).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('access is denied'),
    });
    expect(here.s3.objects.size).toBe(0);
    expect(here.s3.uploads.size).toBe(0);
  });

  test('of two that store one at once, one gets 409', async () => {
    const results = await Promise.allSettled([put(files()), put(files())]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ status: 409 });
  });
});

test('a put whose answer was lost is no conflict with itself', async () => {
  breakFirst('PUT', /model/, { answerLost: true });
  await put();
  expect(here.s3.count('PUT')).toBe(2);
});

test('a push that was cut off is taken up by the next with the same files', async () => {
  here.s3.fault = ({ method, key }) => (method === 'PUT' && key.endsWith('.onnx') ? { status: 403 } : undefined);
  await expect(put({ 'model.onnx': small, 'labels.txt': words })).rejects.toMatchObject({ status: 503 });
  expect(await here.store.find('a')).toBeUndefined();
  here.s3.fault = () => undefined;
  await put({ 'model.onnx': small, 'labels.txt': words });
  expect(await here.store.find('a')).toMatchObject({ versions: [1] });
});

test('a push that was cut off is not completed with other files', async () => {
  here.s3.put('root/a/1/labels.txt', 'others\n');
  await expect(put({ 'model.onnx': small, 'labels.txt': words })).rejects.toMatchObject({
    status: 409,
    message: expect.stringMatching(/^model 'a' version 1 is there in part, with another 'labels.txt': another push/),
  });
  expect(await here.store.find('a')).toBeUndefined();
});

describe('a push with a manifest', () => {
  const manifestOf = (at: string, sha256 = 'a'.repeat(64)) =>
    here.write(`manifest-${at}`, JSON.stringify({ at, files: { 'model.onnx': { bytes: 1, sha256 } } }));
  const cutOff = async (files: Record<string, string>) => {
    here.s3.fault = ({ method, key }) => (method === 'PUT' && key.endsWith('.onnx') ? { status: 403 } : undefined);
    await expect(put(files)).rejects.toMatchObject({ status: 503 });
    here.s3.fault = () => undefined;
  };

  test('that was cut off is taken up under it, by one with the same files', async () => {
    await cutOff({ 'model.onnx': small, 'manifest.json': await manifestOf('first') });
    await put({ 'model.onnx': small, 'manifest.json': await manifestOf('second') });
    expect(await here.store.readText('a', 1, 'manifest.json')).toContain('"first"');
  });

  test('that was cut off is not taken up where a signature came with the second', async () => {
    await cutOff({ 'model.onnx': small, 'manifest.json': await manifestOf('first') });
    const signed = { 'model.onnx': small, 'manifest.json': await manifestOf('second'), 'signature.json': words };
    await expect(put(signed)).rejects.toMatchObject({ status: 409 });
    expect([...here.s3.objects.keys()]).toEqual(['root/a/1/manifest.json']);
  });

  test('leaves none of its files beside another with other files', async () => {
    await cutOff({ 'model.onnx': small, 'manifest.json': await manifestOf('first') });
    const others = { 'model.onnx': small, 'labels.txt': words, 'manifest.json': await manifestOf('2', 'b'.repeat(64)) };
    await expect(put(others)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining("is there in part, with another 'manifest.json'"),
    });
    expect([...here.s3.objects.keys()]).toEqual(['root/a/1/manifest.json']);
  });
});

test.each(['.hidden', 'deep/.hidden', 'a\\b', 'a\nb', 'deep/', '/x'])('a file %p is refused', async (file) => {
  await expect(put({ 'model.onnx': small, [file]: words })).rejects.toMatchObject({ status: 400 });
  expect(here.s3.requests).toHaveLength(0);
});
