import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach } from '@jest/globals';

export interface FakeObject {
  readonly body: Buffer;
  readonly etag: string;
  /** Sent with a HEAD that asks for checksums. */
  readonly checksums: Readonly<Record<string, string>>;
  /** Sent with every answer, such as the encryption. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of a part, where it was uploaded in parts. */
  readonly partBytes?: number;
}

export interface FakeRequest {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What goes wrong with an answer; the numbers are bytes of its body. */
export interface Fault {
  readonly status?: number;
  readonly code?: string;
  readonly delayMs?: number;
  /** The connection is reset after so many bytes. */
  readonly cutAfter?: number;
  /** Nothing comes after so many bytes. */
  readonly stallAfter?: number;
  /** The body is so much shorter than the range that was asked for, and says so. */
  readonly shortBy?: number;
  /** This byte is another one. */
  readonly wrongByte?: number;
  /** The request is done, and its answer lost. */
  readonly answerLost?: boolean;
}

interface FakeAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const bucket = 'models';
const storedAt = 'Wed, 25 Nov 2026 05:00:00 GMT';

/** A server that answers as S3 does for one bucket, kept in memory, with faults that tests inject. */
export class FakeS3 {
  objects = new Map<string, FakeObject>();
  /** What objects with a version id were, also after they were replaced: by key, '@' and that id. */
  versions = new Map<string, FakeObject>();
  uploads = new Map<string, Map<number, Buffer>>();
  requests: FakeRequest[] = [];
  /** Asked before each answer. */
  fault: (request: FakeRequest) => Fault | undefined = () => undefined;
  /** Keys in one page of a listing. */
  pageKeys = 1000;
  heedsIfMatch = true;
  heedsRange = true;
  #port = 0;
  #server: Server | undefined;

  /** @param keepsPort one address for all tests of a file, for what is imported once and keeps it */
  constructor(keepsPort = false) {
    beforeEach(async () => {
      this.objects = new Map();
      this.versions = new Map();
      this.uploads = new Map();
      this.requests = [];
      this.fault = () => undefined;
      this.pageKeys = 1000;
      this.heedsIfMatch = true;
      this.heedsRange = true;
      // Of a request that its client takes back nobody wants an answer.
      const server = createServer((request, response) => void this.#serve(request, response).catch(() => undefined));
      await new Promise<void>((resolve) => server.listen(keepsPort ? this.#port : 0, '127.0.0.1', resolve));
      this.#port = (server.address() as AddressInfo).port;
      this.#server = server;
    });
    afterEach(async () => {
      this.#server?.closeAllConnections();
      await new Promise((resolve) => this.#server?.close(resolve));
    });
  }

  /** The variables that lead a client here. */
  get environment(): NodeJS.ProcessEnv {
    return {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.#port}`,
    };
  }

  put(key: string, content: string | Uint8Array, more: Partial<FakeObject> = {}): FakeObject {
    const body = Buffer.from(content as Uint8Array);
    const object = { body, etag: `"${md5(body).toString('hex')}"`, checksums: {}, headers: {}, ...more };
    this.objects.set(key, object);
    const version = object.headers['x-amz-version-id'];
    if (version !== undefined) this.versions.set(`${key}@${version}`, object);
    return object;
  }

  /** Requests so far of a method, for keys that match. */
  count(method: string, key = /^/): number {
    return this.requests.filter((request) => request.method === method && key.test(request.key)).length;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const url = new URL(message.url as string, 'http://s3');
    const key = decodeURIComponent(url.pathname.slice(bucket.length + 2));
    const { method = '', headers } = message;
    const request = { method, key, query: url.searchParams, headers, body: Buffer.concat(chunks) };
    this.requests.push(request);
    const fault = this.fault(request) ?? {};
    if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
    const isKnown =
      headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/') ||
      url.searchParams.get('X-Amz-Credential')?.startsWith('AKIDEXAMPLE/');
    if (!isKnown) send(refusal(403, 'AccessDenied'), method, {}, response);
    else if (fault.status) send(refusal(fault.status, fault.code ?? 'Fault'), method, {}, response);
    else send(this.#answer(request), method, fault, response);
  }

  #answer(request: FakeRequest): FakeAnswer {
    const { method, key, query } = request;
    if (key === '') return this.#list(query);
    if (method === 'PUT') return query.has('partNumber') ? this.#putPart(request) : this.#store(request, request.body);
    if (method === 'POST') return query.has('uploads') ? this.#beginUpload(request) : this.#completeUpload(request);
    if (method !== 'DELETE') return this.#get(request);
    if (query.has('uploadId')) this.uploads.delete(query.get('uploadId') ?? '');
    else this.objects.delete(key);
    return reply(204, '');
  }

  #list(query: URLSearchParams): FakeAnswer {
    const prefix = query.get('prefix') ?? '';
    const token = query.get('continuation-token');
    const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64').toString();
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, this.pageKeys);
    const contents = page.map((key) => {
      const { etag, body } = this.objects.get(key) as FakeObject;
      const quoted = etag.replaceAll('"', '&quot;');
      return `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>${quoted}</ETag><Size>${body.length}</Size></Contents>`;
    });
    const isTruncated = keys.length > page.length;
    const following = Buffer.from(page.at(-1) ?? '').toString('base64');
    const next = isTruncated ? `<NextContinuationToken>${following}</NextContinuationToken>` : '';
    const rest = `<EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${next}`;
    return reply(200, `<?xml version="1.0"?><ListBucketResult>${rest}${contents.join('')}</ListBucketResult>`);
  }

  #get({ key, query, headers }: FakeRequest): FakeAnswer {
    const version = query.get('versionId');
    const object = version === null ? this.objects.get(key) : this.versions.get(`${key}@${version}`);
    if (!object) return refusal(404, 'NoSuchKey');
    const wanted = headers['if-match'];
    if (this.heedsIfMatch && wanted && wanted !== object.etag) return refusal(412, 'PreconditionFailed');
    const checksums = headers['x-amz-checksum-mode'] === 'ENABLED' && !headers.range ? object.checksums : {};
    const known = { etag: object.etag, 'last-modified': storedAt, ...object.headers, ...checksums };
    const [, from, to] = /^bytes=([0-9]+)-([0-9]+)$/.exec((this.heedsRange && headers.range) || '') ?? [];
    if (from === undefined) {
      const body = object.body.subarray(0, query.has('partNumber') ? object.partBytes : undefined);
      return { status: 200, body, headers: known };
    }
    if (Number(from) >= object.body.length) return refusal(416, 'InvalidRange');
    const body = object.body.subarray(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + body.length - 1}/${object.body.length}`;
    return { status: 206, body, headers: { ...known, 'content-range': range } };
  }

  #store(
    { key, headers }: FakeRequest,
    body: Buffer,
    more: Partial<FakeObject> = { headers: marks(headers) },
  ): FakeAnswer {
    if (headers['if-none-match'] === '*' && this.objects.has(key)) return refusal(412, 'PreconditionFailed');
    const wanted = headers['if-match'];
    if (wanted && !this.objects.has(key)) return refusal(404, 'NoSuchKey');
    if (wanted && wanted !== this.objects.get(key)?.etag) return refusal(412, 'PreconditionFailed');
    const checksum = headers['x-amz-checksum-crc32'];
    if (checksum !== undefined && checksum !== crc32Of(body)) return refusal(400, 'BadDigest');
    const checksums = checksum === undefined ? {} : { 'x-amz-checksum-crc32': String(checksum) };
    const { etag } = this.put(key, body, { checksums, ...more });
    return reply(200, `<Result><ETag>${etag}</ETag></Result>`, { etag });
  }

  #putPart({ query, headers, body }: FakeRequest): FakeAnswer {
    const parts = this.uploads.get(query.get('uploadId') ?? '');
    if (!parts) return refusal(404, 'NoSuchUpload');
    if (headers['x-amz-checksum-crc32'] !== crc32Of(body)) return refusal(400, 'BadDigest');
    parts.set(Number(query.get('partNumber')), body);
    return reply(200, '', { etag: `"${md5(body).toString('hex')}"` });
  }

  #beginUpload({ headers }: FakeRequest): FakeAnswer {
    const mark = marks(headers)['x-amz-meta-upload'] ?? '';
    this.uploads.set(mark, new Map());
    return reply(200, `<InitiateMultipartUploadResult><UploadId>${mark}</UploadId></InitiateMultipartUploadResult>`);
  }

  #completeUpload(request: FakeRequest): FakeAnswer {
    const uploadId = request.query.get('uploadId') ?? '';
    const parts = this.uploads.get(uploadId);
    if (!parts) return refusal(404, 'NoSuchUpload');
    if (this.objects.has(request.key)) return refusal(412, 'PreconditionFailed');
    const bodies = [...parts].sort(([a], [b]) => a - b).map(([, body]) => body);
    const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}"`;
    this.uploads.delete(uploadId);
    const body = Buffer.concat(bodies);
    // As S3 does for an upload of the type FULL_OBJECT.
    const checksums = { 'x-amz-checksum-crc32': crc32Of(body) };
    return this.#store(request, body, { etag, checksums, headers: { 'x-amz-meta-upload': uploadId } });
  }
}

function md5(body: Buffer): Buffer {
  return createHash('md5').update(body).digest();
}

function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function marks(headers: IncomingHttpHeaders): Record<string, string> {
  const mark = headers['x-amz-meta-upload'];
  return mark === undefined ? {} : { 'x-amz-meta-upload': String(mark) };
}

function reply(status: number, body: string, headers: Record<string, string> = {}): FakeAnswer {
  return { status, body: Buffer.from(body), headers };
}

function refusal(status: number, code: string): FakeAnswer {
  return reply(
    status,
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`,
  );
}

function send(answer: FakeAnswer, method: string, fault: Fault, response: ServerResponse): void {
  if (fault.answerLost) {
    response.socket?.destroy();
    return;
  }
  const body = Buffer.from(answer.body.subarray(0, answer.body.length - (fault.shortBy ?? 0)));
  if (fault.wrongByte !== undefined) body[fault.wrongByte] = (body[fault.wrongByte] ?? 0) ^ 1;
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  const sent = fault.cutAfter ?? fault.stallAfter;
  if (method === 'HEAD') response.end();
  else if (sent === undefined) response.end(body);
  else response.write(body.subarray(0, sent), () => fault.cutAfter !== undefined && response.socket?.destroy());
}
