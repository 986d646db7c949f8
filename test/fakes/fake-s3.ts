import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
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
  readonly headers: IncomingMessage['headers'];
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

const bucket = 'models';

/** A server that answers as S3 does for one bucket, kept in memory, with faults that tests inject. */
export class FakeS3 {
  objects = new Map<string, FakeObject>();
  uploads = new Map<string, Map<number, Buffer>>();
  requests: FakeRequest[] = [];
  /** Asked before each answer. */
  fault: (request: FakeRequest) => Fault | undefined = () => undefined;
  /** Keys in one page of a listing. */
  pageKeys = 1000;
  heedsIfMatch = true;
  #server: Server | undefined;

  constructor() {
    beforeEach(async () => {
      this.objects = new Map();
      this.uploads = new Map();
      this.requests = [];
      this.fault = () => undefined;
      this.pageKeys = 1000;
      this.heedsIfMatch = true;
      this.#server = createServer((request, response) => void this.#serve(request, response));
      await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    });
    afterEach(async () => {
      this.#server?.closeAllConnections();
      await new Promise((resolve) => this.#server?.close(resolve));
    });
  }

  /** The variables that lead a client here. */
  get environment(): NodeJS.ProcessEnv {
    const { port } = this.#server?.address() as AddressInfo;
    return {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    };
  }

  put(key: string, content: string | Uint8Array, more: Partial<FakeObject> = {}): FakeObject {
    const body = Buffer.from(content as Uint8Array);
    const object = {
      body,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      checksums: {},
      headers: {},
      ...more,
    };
    this.objects.set(key, object);
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
    if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/'))
      refuse(response, 403, 'AccessDenied');
    else if (fault.status) refuse(response, fault.status, fault.code ?? 'Fault');
    else this.#answer(request, fault, response);
  }

  #answer(request: FakeRequest, fault: Fault, answer: ServerResponse): void {
    const { method, key, query } = request;
    const response = fault.answerLost ? nowhere(answer) : answer;
    if (key === '') this.#list(query, response);
    else if (method === 'PUT' && query.has('partNumber')) this.#putPart(request, response);
    else if (method === 'PUT') this.#store(request, request.body, {}, response);
    else if (method === 'POST' && query.has('uploads')) this.#beginUpload(request, response);
    else if (method === 'POST') this.#completeUpload(request, response);
    else if (method === 'DELETE')
      respond(response, 204, '', { uploads: String(this.uploads.delete(query.get('uploadId') ?? '')) });
    else this.#get(request, fault, response);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? '';
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, this.pageKeys);
    const contents = page.map((key) => {
      const { etag, body } = this.objects.get(key) as FakeObject;
      const quoted = etag.replaceAll('"', '&quot;');
      return `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>${quoted}</ETag><Size>${body.length}</Size></Contents>`;
    });
    const next =
      keys.length > page.length
        ? `<NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64')}</NextContinuationToken>`
        : '';
    respond(
      response,
      200,
      `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next !== ''}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  #get({ method, key, query, headers }: FakeRequest, fault: Fault, response: ServerResponse): void {
    const object = this.objects.get(key);
    if (!object) return refuse(response, 404, 'NoSuchKey');
    const wanted = headers['if-match'];
    if (this.heedsIfMatch && wanted && wanted !== object.etag) return refuse(response, 412, 'PreconditionFailed');
    const checksums = headers['x-amz-checksum-mode'] === 'ENABLED' && !headers.range ? object.checksums : {};
    const known = { etag: object.etag, ...object.headers, ...checksums };
    const [, from, to] = /^bytes=([0-9]+)-([0-9]+)$/.exec(headers.range ?? '') ?? [];
    if (from && Number(from) >= object.body.length) return refuse(response, 416, 'InvalidRange');
    const part = query.has('partNumber') ? object.partBytes : undefined;
    let body = object.body.subarray(Number(from ?? 0), to ? Number(to) + 1 : part);
    const range = from
      ? { 'content-range': `bytes ${from}-${Number(from) + body.length - 1}/${object.body.length}` }
      : {};
    if (fault.shortBy) body = body.subarray(0, body.length - fault.shortBy);
    if (fault.wrongByte !== undefined) {
      body = Buffer.from(body);
      body[fault.wrongByte] = (body[fault.wrongByte] ?? 0) ^ 1;
    }
    response.writeHead(from ? 206 : 200, { 'content-length': body.length, ...known, ...range });
    const sent = fault.cutAfter ?? fault.stallAfter;
    if (method === 'HEAD') response.end();
    else if (sent === undefined) response.end(body);
    else response.write(body.subarray(0, sent), () => fault.cutAfter !== undefined && response.socket?.destroy());
  }

  #store(request: FakeRequest, body: Buffer, more: Partial<FakeObject>, response: ServerResponse): void {
    const { key, headers } = request;
    if (headers['if-none-match'] === '*' && this.objects.has(key)) return refuse(response, 412, 'PreconditionFailed');
    const checksum = headers['x-amz-checksum-crc32'];
    if (checksum !== undefined && checksum !== crc32Of(body)) return refuse(response, 400, 'BadDigest');
    const checksums = checksum === undefined ? {} : { 'x-amz-checksum-crc32': String(checksum) };
    const { etag } = this.put(key, body, { checksums, headers: marks(headers), ...more });
    const multipart = more.etag !== undefined;
    respond(
      response,
      200,
      multipart ? `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>` : '',
      { etag },
    );
  }

  #putPart({ query, headers, body }: FakeRequest, response: ServerResponse): void {
    const parts = this.uploads.get(query.get('uploadId') ?? '');
    if (!parts) return refuse(response, 404, 'NoSuchUpload');
    if (headers['x-amz-checksum-crc32'] !== crc32Of(body)) return refuse(response, 400, 'BadDigest');
    parts.set(Number(query.get('partNumber')), body);
    respond(response, 200, '', { etag: `"${createHash('md5').update(body).digest('hex')}"` });
  }

  #beginUpload({ headers }: FakeRequest, response: ServerResponse): void {
    const mark = marks(headers)['x-amz-meta-upload'] ?? 'x';
    this.uploads.set(mark, new Map());
    respond(
      response,
      200,
      `<InitiateMultipartUploadResult><UploadId>${mark}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  #completeUpload(request: FakeRequest, response: ServerResponse): void {
    const uploadId = request.query.get('uploadId') ?? '';
    const parts = this.uploads.get(uploadId);
    if (!parts) return refuse(response, 404, 'NoSuchUpload');
    if (this.objects.has(request.key)) return refuse(response, 412, 'PreconditionFailed');
    const bodies = [...parts].sort(([a], [b]) => a - b).map(([, body]) => body);
    const digests = bodies.map((body) => createHash('md5').update(body).digest());
    const etag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${bodies.length}"`;
    this.uploads.delete(uploadId);
    this.#store(request, Buffer.concat(bodies), { etag, headers: { 'x-amz-meta-upload': uploadId } }, response);
  }
}

function marks(headers: IncomingMessage['headers']): Record<string, string> {
  const mark = headers['x-amz-meta-upload'];
  return mark === undefined ? {} : { 'x-amz-meta-upload': String(mark) };
}

function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function respond(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  respond(
    response,
    status,
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`,
  );
}

/** A response that nobody gets: what is written to it ends the connection. */
function nowhere(response: ServerResponse): ServerResponse {
  const lost = () => {
    response.socket?.destroy();
    return response;
  };
  return new Proxy(response, { get: (_target, name) => (name === 'writeHead' ? lost : () => response) });
}
