import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { RunQueue } from '../../core/run-queue.ts';
import { errorResponse } from '../../http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import type { OnCall } from '../../ports/answered-call.ts';
import type { Caller } from '../../ports/caller.ts';
import type { Chosen } from '../../ports/served.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { balancerIdleSeconds, crossOriginHeaders, type Limits, preflightHeaders } from '../../settings.ts';
import { answeredHttp } from '../answered-http.ts';
import { nodeHttp } from '../node-http.ts';
import type { Certificate } from '../read-certificate.ts';
import { requestIdOf } from '../request-id.ts';
import type { RequestsInHand } from '../requests-in-hand.ts';
import type { TraceHttp } from '../tracing/trace-http.ts';
import type { UnansweredCalls } from '../unanswered-calls.ts';
import { answerBrokenRequest } from './answer-broken-request.ts';
import { Connections } from './connections.ts';
import { decodeBody } from './content-encoding.ts';
import { readBody } from './read-body.ts';
import { sendResponse } from './send-response.ts';
import { untilRequestsPause } from './until-requests-pause.ts';

export interface NodeServerOptions {
  readonly limits: Limits;
  readonly inHand: RequestsInHand;
  /** Answers over TLS alone, as whom this says. @default none: not over TLS */
  readonly certificate?: Certificate | undefined;
  /** Prefix of all paths, such as `/models`; empty for none. */
  readonly basePath: string;
  /**
   * Lets a request through before its body is read, and says whose it is. Throws where it may not pass. @default all
   * pass
   */
  readonly admit?: ((request: Pick<HttpRequest, 'method' | 'path' | 'headers'>) => Caller | undefined) | undefined;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
  /** Aborts what is not answered just before that is cut. @default callers are told nothing */
  readonly unanswered?: UnansweredCalls | undefined;
  /** Begins the trace of a request. @default none is traced */
  readonly trace?: TraceHttp | undefined;
  /** Hears of each request as it is answered; `error` is what it failed on. */
  readonly onAnswer: (
    request: { method: string; path: string; requestId: string; key?: string; trace_id?: string; span_id?: string },
    status: number,
    error?: unknown,
  ) => void;
  /** Hears of each request once it is answered, for audit and usage. @default nobody */
  readonly onCall?: OnCall | undefined;
}

/** What is known of a request while it is answered. */
interface Held {
  /** Of its body, as it arrived and decompressed. */
  bytes: number;
  /** Who was let through. */
  caller?: Caller | undefined;
  /** Kept for whoever hears of the call; absent: it was not read. */
  body?: Uint8Array;
  /** The version that answers it. */
  chosen?: Chosen;
  /** Whether it counts among the requests in hand. */
  isCounted?: boolean;
}

// What says that the server is there must not wait for others, nor be refused for them.
const health = /^\/(v2\/health\/|ping$)/;
const readiness = /^\/(v2\/health\/ready|ping)\/?$/;
const noBytes = new Uint8Array(0);
// As many as the thread pool takes at once: more would only hold more memory.
const decompressions = 4;

/** Serves `handle` over HTTP/1.1 with node:http: bodies, compression, limits, ids, and an orderly end. */
export class NodeServer {
  readonly #server: Server;
  readonly #handle: (request: HttpRequest) => Promise<HttpResponse>;
  readonly #options: NodeServerOptions;
  readonly #connections: Connections;
  readonly #decompressing: RunQueue;
  readonly #common: readonly string[];
  #closing = false;
  /** What answers wait for while the server stops listening: whoever waits for one opens no new connection. */
  #stopping: Promise<void> | undefined;
  #arrived = 0;

  constructor(handle: (request: HttpRequest) => Promise<HttpResponse>, options: NodeServerOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#decompressing = new RunQueue(decompressions, options.limits.maxConcurrentRequests);
    const { certificate, corsOrigin } = options;
    this.#common = corsOrigin === undefined ? [] : Object.entries(crossOriginHeaders(corsOrigin)).flat();
    // A load balancer is the one to close what is silent: where the server does, a request may be on its way.
    const keepAliveTimeout = (balancerIdleSeconds + 10) * 1000;
    // A request without a host is refused in `#answer`, in our own words.
    const http = { keepAliveTimeout, requireHostHeader: false };
    this.#server = certificate ? createSecureServer({ ...http, ...certificate }) : nodeHttp.createServer(http);
    this.#connections = new Connections(this.#server, certificate !== undefined);
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server.on('request', serve).on('checkContinue', serve).on('checkExpectation', serve);
    this.#server.on('clientError', (error, socket) =>
      answerBrokenRequest(error, socket as Socket, requestIdOf(undefined)),
    );
  }

  /** Accepts from now on. Resolves to the URL. Rejects where the address cannot be had. */
  async listen(port: number, host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, 4096, resolve);
    });
    const { address, port: given, family } = this.#server.address() as AddressInfo;
    const scheme = this.#options.certificate ? 'https' : 'http';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${given}`;
  }

  /**
   * Goes on answering, each time as the last on its connection, but says that it is not ready: until nobody has asked
   * for a while, or `mostMs` have passed. Who sends requests here learns so that others are to have them.
   */
  async drain(mostMs: number): Promise<void> {
    this.#closing = true;
    await untilRequestsPause(() => this.#arrived, mostMs);
  }

  /** Stops accepting, answers what has arrived, and cuts what is not answered after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const cut = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    const stopped = Promise.withResolvers<void>();
    this.#stopping = stopped.promise;
    // Where there is no time to answer any more, none need be accepted.
    if (graceMs > 0) await this.#connections.allAccepted();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    stopped.resolve();
    await this.#connections.endIdle(graceMs);
    await closed;
    clearTimeout(cut);
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    this.#arrived += 1;
    const { socket } = message;
    const requestId = requestIdOf(message.headers['x-request-id']);
    const method = message.method ?? 'GET';
    const path = pathOf(message.url ?? '/');
    const { basePath } = this.#options;
    const inner = path.startsWith(basePath) ? path.slice(basePath.length) : path;
    const trace = this.#options.trace?.({
      method,
      path: inner,
      headers: message.headers,
      requestId,
      startedMs: started,
    });
    const held: Held = { bytes: 0 };
    let answer: HttpResponse;
    let failure: unknown;
    this.#connections.began(socket);
    try {
      answer = await this.#answer(message, response, method, path, requestId, held);
    } catch (error) {
      failure = error;
      answer = { ...errorResponse(error, requestId, inner), chosen: held.chosen };
    }
    this.#options.inHand.give(held.bytes);
    if (this.#stopping) await this.#stopping;
    try {
      const pending = sendResponse(message, response, answer, {
        requestId,
        path: inner,
        started,
        last: this.#closing,
        traceparent: trace?.traceparent,
        common: this.#common,
      });
      if (pending) await pending;
    } catch (error) {
      failure = error;
      // A stream has seen to it that what came before its failure leaves.
      if (!response.headersSent) response.destroy();
    }
    if (held.isCounted) this.#options.inHand.leave();
    // The head of a stream may have promised, before the server began to stop, that the connection stays.
    this.#connections.ended(socket, this.#closing && answer.stream !== undefined);
    trace?.end(answer, failure);
    const { caller } = held;
    const told = { method, path, requestId, ...(caller && { key: caller.name }), ...trace?.ids };
    this.#options.onAnswer(told, answer.status, failure);
    this.#options.onCall?.(answeredHttp(told, answer, performance.now() - started, held.body, failure));
  }

  async #answer(
    message: IncomingMessage,
    response: ServerResponse,
    method: string,
    path: string,
    requestId: string,
    held: Held,
  ): Promise<HttpResponse> {
    const { basePath, corsOrigin } = this.#options;
    const { headers } = message;
    if (headers.host === undefined && message.httpVersion === '1.1')
      throw new ServiceError(400, 'HTTP/1.1 asks for a Host header, and there is none');
    const inner = path.slice(basePath.length);
    if (!path.startsWith(basePath) || (inner !== '' && !inner.startsWith('/')))
      throw new ServiceError(404, `there is nothing at ${path.slice(0, 200)}; all paths start with ${basePath}/`);
    if (this.#closing && readiness.test(inner)) throw new ServiceError(503, 'not ready: the server is stopping');
    if (corsOrigin !== undefined && method === 'OPTIONS' && headers['access-control-request-method'] !== undefined) {
      // Whose pages may call all answers say.
      const { 'Access-Control-Allow-Origin': _, ...more } = preflightHeaders(corsOrigin);
      return { status: 200, headers: Object.entries(more).flat(), body: [noBytes] };
    }
    held.caller = this.#options.admit?.({ method, path: inner, headers });
    this.#refuseWhenFull(inner);
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    const body = hasBody ? await this.#body(message, response, held) : noBytes;
    if (this.#options.onCall) held.body = body;
    this.#refuseWhenFull(inner);
    this.#options.inHand.enter();
    held.isCounted = true;
    const query = queryOf(message.url ?? '');
    const gone = () => goneSignal(response, this.#options.unanswered);
    const { caller } = held;
    return await this.#handle({
      method,
      path: inner,
      ...(query && { query }),
      headers,
      body,
      requestId,
      ...(caller && { caller }),
      gone,
      onChosen: (chosen) => {
        held.chosen = chosen;
      },
    });
  }

  #refuseWhenFull(path: string): void {
    if (!health.test(path)) this.#options.inHand.check();
  }

  async #body(message: IncomingMessage, response: ServerResponse, held: Held): Promise<Uint8Array> {
    const { maxBodyBytes, maxDecompressedBytes } = this.#options.limits;
    const { expect, 'content-encoding': encoding } = message.headers;
    if (expect !== undefined) {
      if (expect.toLowerCase() !== '100-continue')
        throw new ServiceError(417, `header Expect: expected 100-continue, got '${expect.slice(0, 100)}'`);
      if (!(Number(message.headers['content-length']) > maxBodyBytes)) response.writeContinue();
    }
    const take = (bytes: number) => {
      this.#options.inHand.take(bytes);
      held.bytes += bytes;
    };
    const body = await readBody(message, maxBodyBytes, take, jsonLength(message));
    if (encoding === undefined) return body;
    return this.#decompressing.run(async () => {
      const decoded = await decodeBody(body, encoding, maxDecompressedBytes);
      take(decoded.length);
      return decoded;
    });
  }
}

/** Where the binary tensors start in the body, as far as the header is a number. */
function jsonLength({ headers }: IncomingMessage): number {
  const length = Number(headers['inference-header-content-length']);
  return Number.isSafeInteger(length) && length > 0 ? length : 0;
}

/** The path of a request's target, which may be a whole URL. Source: RFC 9112, 3.2. */
function pathOf(target: string): string {
  const start = target.startsWith('/') ? 0 : (/^https?:\/\/[^/?]*/i.exec(target)?.[0].length ?? 0);
  const query = target.indexOf('?', start);
  return query === -1 ? target.slice(start) : target.slice(start, query);
}

/** What follows the '?' of a request's target. */
function queryOf(target: string): string | undefined {
  const start = target.indexOf('?');
  return start === -1 ? undefined : target.slice(start + 1);
}

/** Aborts when the connection closes before the answer was sent, and when that is about to be cut. */
function goneSignal(response: ServerResponse, unanswered: UnansweredCalls | undefined): AbortSignal {
  const controller = new AbortController();
  // It has closed already, and does not say so again.
  if (response.destroyed) {
    controller.abort();
    return controller.signal;
  }
  unanswered?.add(controller);
  response.once('close', () => {
    unanswered?.remove(controller);
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
