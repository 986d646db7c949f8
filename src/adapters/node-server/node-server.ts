import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errorResponse } from '../../http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Limits } from '../../settings.ts';
import { chooseEncoding, decodeBody, encodeBody } from './content-encoding.ts';
import { readBody } from './read-body.ts';

export interface NodeServerOptions {
  readonly limits: Limits;
  /** Prefix of all paths, such as `/models`; empty for none. */
  readonly basePath: string;
  /** Hears of each request as it is answered; `error` is what it failed on. */
  readonly onAnswer: (
    request: { method: string; path: string; requestId: string },
    status: number,
    error?: unknown,
  ) => void;
}

const givenId = /^[A-Za-z0-9._:-]{1,128}$/;
const joinedBytes = 64 * 1024;

/** Serves `handle` over HTTP/1.1 with node:http: bodies, compression, limits, ids, and an orderly end. */
export class NodeServer {
  readonly #server: Server;
  readonly #handle: (request: HttpRequest) => Promise<HttpResponse>;
  readonly #options: NodeServerOptions;
  readonly #idPrefix = randomBytes(6).toString('hex');
  #count = 0;
  #active = 0;
  #closing = false;

  constructor(handle: (request: HttpRequest) => Promise<HttpResponse>, options: NodeServerOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#server = createServer(
      { keepAliveTimeout: 75_000 },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.on('clientError', answerBrokenRequest);
  }

  /** Accepts from now on. Resolves to the URL. Rejects where the address cannot be had. */
  async listen(port: number, host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, 4096, resolve);
    });
    const { address, port: given, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${given}`;
  }

  /** Stops accepting, answers what is in flight, and cuts what is not answered after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const cut = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(cut);
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = message.headers['x-request-id'];
    this.#count += 1;
    const requestId =
      typeof given === 'string' && givenId.test(given) ? given : `${this.#idPrefix}-${this.#count.toString(36)}`;
    const method = message.method ?? 'GET';
    const url = message.url ?? '/';
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    let answer: HttpResponse;
    let failure: unknown;
    this.#active += 1;
    try {
      answer = await this.#answer(message, response, method, path, requestId);
    } catch (error) {
      failure = error;
      answer = errorResponse(error, requestId);
    }
    this.#active -= 1;
    await this.#send(message, response, answer, requestId).catch((error) => {
      failure = error;
      response.destroy();
    });
    this.#options.onAnswer({ method, path, requestId }, answer.status, failure);
  }

  async #answer(message: IncomingMessage, response: ServerResponse, method: string, path: string, requestId: string) {
    const { limits, basePath } = this.#options;
    if (!path.startsWith(basePath))
      throw new ServiceError(404, `there is nothing at ${path.slice(0, 200)}; all paths start with ${basePath}`);
    const inner = path.slice(basePath.length);
    if (this.#active > limits.maxConcurrentRequests && !inner.startsWith('/v2/health/')) {
      throw new ServiceError(
        503,
        `the server has maxConcurrentRequests, ${limits.maxConcurrentRequests}, in hand already; try again later`,
        { retryAfterSeconds: 1 },
      );
    }
    const { headers } = message;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    let body: Uint8Array = hasBody ? await readBody(message, limits.maxBodyBytes) : noBytes;
    if (headers['content-encoding'] !== undefined) {
      body = await decodeBody(body, headers['content-encoding'], limits.maxDecompressedBytes);
    }
    return this.#handle({ method, path: inner, headers, body, requestId, gone: () => goneSignal(response) });
  }

  async #send(
    message: IncomingMessage,
    response: ServerResponse,
    answer: HttpResponse,
    requestId: string,
  ): Promise<void> {
    let { body } = answer;
    let bytes = body.reduce((sum, chunk) => sum + chunk.length, 0);
    const headers = [...answer.headers, 'x-request-id', requestId];
    const encoding = chooseEncoding(message.headers['accept-encoding'] as string | undefined, bytes);
    if (encoding !== undefined) {
      const encoded = await encodeBody(Buffer.concat(body), encoding);
      headers.push('content-encoding', encoding, 'vary', 'accept-encoding');
      body = [encoded];
      bytes = encoded.length;
    }
    headers.push('content-length', String(bytes));
    // A body that was not read to its end would be taken for the next request.
    if (this.#closing || (!message.complete && message.headers['content-length'] !== '0'))
      headers.push('connection', 'close');
    response.writeHead(answer.status, headers);
    if (body.length === 1 || bytes <= joinedBytes) {
      response.end(body.length === 1 ? body[0] : Buffer.concat(body));
      return;
    }
    response.cork();
    for (const chunk of body) response.write(chunk);
    response.end();
  }
}

const noBytes = new Uint8Array(0);

/** Aborts when the connection closes before the answer was sent. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'the headers are larger than 16384 bytes']
      : ['400 Bad Request', 'the request is not valid HTTP/1.1'];
  const body = JSON.stringify({ error: message });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
