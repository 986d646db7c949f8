import { type FileHandle, open, readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { S3ModelStore } from '../../../src/adapters/s3-model-store/s3-model-store.ts';
import type { FakeRequest, Fault } from '../../fakes/fake-s3.ts';
import { modelOf, TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const MiB = 1024 * 1024;
// Of two ranges.
const model = modelOf(4.5 * MiB);
const label = "model 'a' version 1";

beforeEach(() => {
  here.s3.put('root/a/1/model.onnx', model);
});

function isRange(request: FakeRequest): boolean {
  return request.headers.range !== undefined;
}

/** The first `times` ranged requests, or those that `isMeant` means, meet a fault. */
function breakRanges(fault: Fault, times: number, isMeant = isRange): void {
  let left = times;
  here.s3.fault = (request) => {
    if (!isMeant(request) || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

/** A store that does not wait long for S3 to say something. */
function impatient(attempts: number): S3ModelStore {
  return here.open({}, { silenceMs: 300, retries: { attempts, firstPauseMs: 1, longestPauseMs: 5 } });
}

async function expectRightAnswer(store = here.store): Promise<void> {
  const { path } = await store.fetch('a', 1);
  expect(Buffer.compare(await readFile(path), model)).toBe(0);
  expect(await here.cached()).toHaveLength(1);
}

async function expectRefusal(message: string | RegExp, store = here.store): Promise<void> {
  const refusal = await store.fetch('a', 1).catch((error) => error);
  expect(refusal).toMatchObject({ name: 'ServiceError', status: 503 });
  expect(refusal.message).toMatch(message);
  expect(refusal.message).not.toMatch(/127\.0\.0\.1|tmp|root\//);
  expect(await here.cached()).toEqual([]);
}

describe('a fault that passes ends in the right bytes', () => {
  const faults: [string, Fault][] = [
    ['500', { status: 500, code: 'InternalError' }],
    ['503 SlowDown', { status: 503, code: 'SlowDown' }],
    ['429', { status: 429 }],
    ['400 RequestTimeout', { status: 400, code: 'RequestTimeout' }],
    ['a slow answer', { delayMs: 150 }],
    ['a connection that is cut before the first byte', { cutAfter: 0 }],
    ['a connection that is cut in the middle of a range', { cutAfter: 1_000_000 }],
    ['a body shorter than its range', { shortBy: 100 }],
  ];
  test.each(faults)('%s', async (_name, fault) => {
    breakRanges(fault, 4);
    await expectRightAnswer();
  });

  test.each([
    ['an answer that does not come', { delayMs: 2000 }],
    ['silence in the middle of a range', { stallAfter: 1_000_000 }],
  ])('%s', async (_name, fault) => {
    breakRanges(fault, 4);
    await expectRightAnswer(impatient(4));
  });

  test('a wrong byte is seen by the checksum, and the version brought anew', async () => {
    breakRanges({ wrongByte: 77 }, 1);
    await expectRightAnswer();
    expect(here.s3.count('GET', /model.onnx/)).toBe(4);
  });
});

test('after a cut only what is missing is asked for', async () => {
  const small = modelOf(2 * MiB);
  here.s3.put('root/a/1/model.onnx', small);
  breakRanges({ cutAfter: MiB }, 1);
  const { path } = await here.store.fetch('a', 1);
  expect(Buffer.compare(await readFile(path), small)).toBe(0);
  const ranges = here.s3.requests.flatMap(({ headers }) => headers.range ?? []);
  expect(ranges).toEqual([`bytes=0-${small.length - 1}`, `bytes=${MiB}-${small.length - 1}`]);
});

test('a range that is cut again and again comes whole as long as each try brings something', async () => {
  breakRanges({ cutAfter: 300_000 }, 12);
  await expectRightAnswer();
});

describe('a fault that stays is an error that says what is wrong, and nothing is left behind', () => {
  const faults: [string, Fault, RegExp][] = [
    ['500', { status: 500, code: 'InternalError' }, /cannot be read from S3: S3 answered 500 \(InternalError: /],
    ['503 SlowDown', { status: 503, code: 'SlowDown' }, /S3 answered 503 \(SlowDown: /],
    ['cuts', { cutAfter: 10 }, /the connection to S3 was cut off/],
    ['short bodies', { shortBy: 2 * MiB }, /S3 sent less than was asked for/],
    ['wrong bytes', { wrongByte: 77 }, /what came does not match its checksum; store it again/],
    ['403', { status: 403, code: 'AccessDenied' }, /access is denied \(AccessDenied\): check the credentials/],
  ];
  test.each(faults)('%s', async (_name, fault, message) => {
    breakRanges(fault, Number.POSITIVE_INFINITY);
    await expectRefusal(message);
  });

  test('silence', async () => {
    breakRanges({ delayMs: 5000 }, Number.POSITIVE_INFINITY);
    await expectRefusal(/no word from S3 for 300 ms/, impatient(2));
  });

  test('silence in the middle of a range', async () => {
    breakRanges({ stallAfter: 10 }, Number.POSITIVE_INFINITY);
    await expectRefusal(/no word from S3 for 300 ms/, impatient(2));
  });

  test('403 and 404 are not tried again', async () => {
    breakRanges({ status: 403, code: 'AccessDenied' }, Number.POSITIVE_INFINITY);
    await expectRefusal(/access is denied/);
    expect(here.s3.count('GET', /model.onnx/)).toBeLessThanOrEqual(3);
    await expect(here.store.fetch('a', 2)).rejects.toMatchObject({ status: 404 });
  });

  test('a bucket that cannot be listed', async () => {
    here.s3.fault = ({ key }) => (key === '' ? { status: 403, code: 'AccessDenied' } : undefined);
    const message =
      'cannot be read from S3: access is denied (AccessDenied): check the credentials, and what they allow on the bucket';
    await expect(here.store.fetch('a', 1)).rejects.toMatchObject({ status: 503, message: `${label} ${message}` });
    await expect(here.store.find('a')).rejects.toMatchObject({ status: 503, message: `model 'a' ${message}` });
    await expect(here.store.list()).rejects.toMatchObject({
      message: `the model repository s3://models/root/ ${message}`,
    });
  });

  test('a server that is not there', async () => {
    const environment = { ...here.s3.environment, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' };
    await expectRefusal(/the connection to S3 failed \(ECONNREFUSED\)/, here.open({}, { environment }));
  });

  test('a server that is not S3', async () => {
    here.s3.fault = ({ key }) => (key === '' ? { status: 200 } : undefined);
    await expectRefusal(/S3 answered no listing: is the endpoint S3\?/);
  });
});

describe('an object that changes during the download is never mixed', () => {
  const other = modelOf(4.5 * MiB, 2);

  /** Replaces the object before the second range is answered. */
  function replaceOnce(replace: () => void): void {
    let ranges = 0;
    here.s3.fault = (request) => {
      ranges += isRange(request) ? 1 : 0;
      if (ranges === 2 && isRange(request)) replace();
      return undefined;
    };
  }

  test.each([true, false])('the new one comes whole, where the server heeds If-Match: %p', async (heedsIfMatch) => {
    here.s3.heedsIfMatch = heedsIfMatch;
    // Of which S3 has no checksum that could tell the mixture.
    const unchecked = { headers: { 'x-amz-server-side-encryption': 'aws:kms' } };
    here.s3.put('root/a/1/model.onnx', model, unchecked);
    replaceOnce(() => here.s3.put('root/a/1/model.onnx', other, unchecked));
    const { path } = await here.store.fetch('a', 1);
    expect(Buffer.compare(await readFile(path), other)).toBe(0);
    expect(await here.cached()).toHaveLength(1);
  });

  test('a shorter one too', async () => {
    replaceOnce(() => here.s3.put('root/a/1/model.onnx', modelOf(100)));
    const { path } = await here.store.fetch('a', 1);
    expect(await readFile(path)).toEqual(Buffer.from(modelOf(100)));
  });

  test('one that is removed is not found', async () => {
    replaceOnce(() => here.s3.objects.delete('root/a/1/model.onnx'));
    await expect(here.store.fetch('a', 1)).rejects.toMatchObject({ status: 404 });
    expect(await here.cached()).toEqual([]);
  });

  test('one that never stays as it is, is refused', async () => {
    let seed = 2;
    here.s3.fault = (request) => {
      if (isRange(request)) {
        seed += 1;
        here.s3.put('root/a/1/model.onnx', model, { etag: `"${seed}"` });
      }
      return undefined;
    };
    await expectRefusal(/its objects change while they are read/);
  });
});

describe('a disk that is full', () => {
  /** Opens a file that the system has no room for. */
  const onFullDisk = async (path: string): Promise<FileHandle> => {
    const [file, full] = [await open(path, 'wx+'), await open('/dev/full', 'w')];
    const close = async () => {
      await file.close();
      await full.close();
    };
    return Object.create(file, { fd: { value: full.fd }, truncate: { value: () => {} }, close: { value: close } });
  };

  test('is an error, and the part that was written is removed', async () => {
    await expectRefusal(/cannot be read from S3: the disk of the cache is full/, here.open({ openFile: onFullDisk }));
  });

  test('and has room again: the next try succeeds', async () => {
    let isFull = true;
    const store = here.open({ openFile: (path) => (isFull ? onFullDisk(path) : open(path, 'wx+')) });
    await expectRefusal(/the disk of the cache is full/, store);
    isFull = false;
    await store.fetch('a', 1);
  });

  test('is foreseen where the budget is too small', async () => {
    const message = `${label}: its files are ${model.length} bytes, more than the cache's budget of ${4 * MiB} bytes`;
    await expect(here.open({ cacheBytes: 4 * MiB }).fetch('a', 1)).rejects.toMatchObject({ status: 507, message });
    expect(here.s3.count('GET', /model.onnx/)).toBe(0);
  });
});
