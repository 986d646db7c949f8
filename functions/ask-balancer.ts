import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { ServiceError } from '../src/protocol/service-error.ts';

/** A load balancer before containers, as it is reached. */
export interface BalancerAddress {
  readonly host: string;
  readonly port: number;
  /** Name that its certificate is for. */
  readonly domainName: string;
  /** Whose certificates are believed. @default those that Node believes */
  readonly ca?: string | undefined;
}

// A machine with a GPU takes minutes to come, and models to load: who asks sooner hears the same again.
const retryAfterSeconds = 60;

/** What is between two hosts alone, what is written anew, and what showed API Gateway who the caller is. */
const ownHeaders =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|x-forwarded-.*|x-api-key|authorization|x-amz-.*)$/;

/**
 * Passes requests to a load balancer as they are; events of a stream come back as they come. Where it has no container
 * that is ready, it rejects with 503 and when to try again: the balancer counts that it had none, and an alarm on that
 * count starts one.
 */
export function askBalancer({
  domainName,
  ...address
}: BalancerAddress): (asked: HttpRequest) => Promise<HttpResponse> {
  // A connection that was kept may be closed by the time that Lambda thaws the environment.
  const agent = new Agent({ ...address, servername: domainName, keepAlive: false });
  return async (asked) => {
    const { headers, body, requestId, gone } = asked;
    const sent = {
      ...address,
      agent,
      method: asked.method,
      path: asked.query === undefined ? asked.path : `${asked.path}?${asked.query}`,
      headers: { ...kept(headers), host: domainName, 'content-length': body.length, 'x-request-id': requestId },
      signal: gone(),
    };
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(sent, resolve).on('error', reject).end(body);
      });
      if (isBalancersOwn(answer)) {
        answer.destroy();
        throw answer.statusCode === 503 ? asleep() : unreachable();
      }
      const head = { status: answer.statusCode ?? 502, headers: Object.entries(kept(answer.headers)).flat() };
      if (/^text\/event-stream\b/.test(answer.headers['content-type'] ?? ''))
        return { ...head, body: [], stream: piecesOf(answer) };
      return { ...head, body: [await buffer(answer)] };
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      if (gone().aborted) throw gone().reason;
      throw unreachable(cause);
    }
  };
}

/** What comes of an answer, as it comes; whoever takes no more of it ends the connection. */
async function* piecesOf(answer: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  for await (const piece of answer) yield piece;
}

function asleep(): ServiceError {
  return new ServiceError(
    503,
    'no container runs for this model at the moment; one is being started, which takes some minutes: try again',
    { retryAfterSeconds },
  );
}

function unreachable(cause?: unknown): ServiceError {
  const message = 'the endpoint of this model cannot be reached, or ended in the middle';
  return new ServiceError(502, message, cause === undefined ? {} : { cause });
}

/** A balancer signs the answers that it gives itself: those of 5xx are pages of HTML. */
function isBalancersOwn({ statusCode = 0, headers }: IncomingMessage): boolean {
  return statusCode >= 500 && String(headers.server).startsWith('awselb/');
}

function kept(headers: HttpRequest['headers'] | IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || ownHeaders.test(name) ? [] : [[name, [value].flat().join(', ')] as const],
  );
  return Object.fromEntries(pairs);
}
