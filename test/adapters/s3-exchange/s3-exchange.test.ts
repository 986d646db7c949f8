import { describe, expect, test } from '@jest/globals';
import { S3Exchange } from '../../../src/adapters/s3-exchange/s3-exchange.ts';
import { S3Client } from '../../../src/adapters/s3-model-store/s3-client.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';

const MiB = 1024 * 1024;
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('S3Exchange', () => {
  const s3 = new FakeS3();
  const none = new AbortController().signal;
  const exchange = () => {
    const retries = { attempts: 3, firstPauseMs: 1, longestPauseMs: 5 };
    // None is asked again, however busy the processors are: requests are counted.
    const client = new S3Client('models', { retries, silenceMs: 60_000, environment: s3.environment });
    return new S3Exchange(client, { prefix: 'data/', urlSeconds: 900, requestsAtOnce: 4 });
  };
  const pattern = (bytes: number) =>
    Buffer.from(Uint8Array.from({ length: bytes }, (_byte, index) => (index * 7) % 251));

  test('an upload passes by its URL, in ranges side by side, byte by byte', async () => {
    const content = pattern(9 * MiB + 5);
    const place = await exchange().createUpload(content.length);
    expect(place.reference).toMatch(/^uploads\/[0-9a-f-]{36}$/);
    expect(place.headers).toEqual({ 'content-length': String(content.length) });
    const { status } = await fetch(place.url, { method: 'PUT', body: content });
    expect(status).toBe(200);
    const upload = await exchange().findUpload(place.reference, none);
    expect(upload?.bytes).toBe(content.length);
    const read = await upload?.read(none);
    expect(Buffer.compare(read as Uint8Array, content)).toBe(0);
    expect(read?.byteOffset).toBe(0);
    expect(s3.count('GET')).toBe(3);
  });

  test('no two uploads have one name, and each URL is for 15 minutes', async () => {
    const [one, other] = [await exchange().createUpload(undefined), await exchange().createUpload(undefined)];
    expect(one.reference).not.toBe(other.reference);
    const { searchParams } = new URL(one.url);
    expect(searchParams.get('X-Amz-Expires')).toBe('900');
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('host');
    const left = one.expiresAt.getTime() - Date.now();
    expect(left).toBeGreaterThan(800_000);
    expect(left).toBeLessThanOrEqual(900_000);
  });

  test('an empty upload is read without a request', async () => {
    s3.put(`data/uploads/${uuid}`, '');
    const upload = await exchange().findUpload(`uploads/${uuid}`, none);
    expect(await upload?.read(none)).toHaveLength(0);
    expect(s3.count('GET')).toBe(0);
  });

  test.each([
    ['another folder', `results/${uuid}`],
    ['no folder', uuid],
    ['a way out', `uploads/../results/${uuid}`],
    ['an encoded way out', `uploads/..%2f${uuid}`],
    ['what lies below', `uploads/${uuid}/x`],
    ['another bucket', `s3://other/uploads/${uuid}`],
    ['a URL', `https://other.s3.amazonaws.com/uploads/${uuid}`],
    ['a line more', `uploads/${uuid}\n`],
    ['another letter case', `uploads/${uuid.toUpperCase()}`],
    ['a name not made here', 'uploads/model.onnx'],
    ['nothing', ''],
  ])('a reference that is not one of ours leads nowhere, and S3 is not asked: %s', async (_case, reference) => {
    s3.put(`data/${reference}`, 'secret');
    expect(await exchange().findUpload(reference, none)).toBeUndefined();
    expect(s3.requests).toEqual([]);
  });

  test.each([404, 403])('what S3 does not know, or would not tell of (%i), is not there', async (status) => {
    s3.fault = () => ({ status });
    expect(await exchange().findUpload(`uploads/${uuid}`, none)).toBeUndefined();
  });

  test('what passes is tried again; what does not is 503 in words', async () => {
    s3.put(`data/uploads/${uuid}`, 'content!');
    let faults = 2;
    s3.fault = () => (faults-- > 0 ? { status: 503, code: 'SlowDown' } : undefined);
    const upload = await exchange().findUpload(`uploads/${uuid}`, none);
    expect(Buffer.from((await upload?.read(none)) as Uint8Array).toString()).toBe('content!');
    s3.fault = () => ({ status: 500, code: 'InternalError' });
    await expect(upload?.read(none)).rejects.toMatchObject({
      status: 503,
      message: expect.stringMatching(/^the upload 'uploads\/.*' cannot be read from S3: S3 answered 500/),
    });
    await expect(exchange().putResult(Buffer.from('x'), none)).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('an output cannot be stored in S3'),
    });
  });

  test('an upload replaced while it is read is refused, not mixed', async () => {
    s3.put(`data/uploads/${uuid}`, pattern(100));
    const upload = await exchange().findUpload(`uploads/${uuid}`, none);
    s3.put(`data/uploads/${uuid}`, pattern(100).reverse());
    await expect(upload?.read(none)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('was replaced while it was read'),
    });
  });

  test('a read that hangs ends with its signal', async () => {
    s3.put(`data/uploads/${uuid}`, pattern(100));
    const upload = await exchange().findUpload(`uploads/${uuid}`, none);
    s3.fault = () => ({ stallAfter: 10 });
    const abort = new AbortController();
    const reading = upload?.read(abort.signal);
    setTimeout(() => abort.abort(), 20);
    await expect(reading).rejects.toThrow();
  });

  test('a result is stored with its checksum, and got by its URL', async () => {
    const { url } = await exchange().putResult(pattern(1000), none);
    const [stored] = s3.requests;
    expect(stored?.key).toMatch(/^data\/results\/[0-9a-f-]{36}$/);
    expect(stored?.headers['x-amz-checksum-crc32']).toBeDefined();
    const answer = await fetch(url);
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), pattern(1000))).toBe(0);
  });
});
