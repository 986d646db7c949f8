import type { Logger } from 'pino';
import type { HttpRequest, HttpResponse } from '../http/http-message.ts';
import { NodeServer, type NodeServerOptions } from './node-server/node-server.ts';

export interface OpenHttpServerOptions extends Omit<NodeServerOptions, 'onAnswer'> {
  /** Counts the answers of each status. */
  readonly answers: Map<number, number>;
  readonly log: Logger;
}

/** A server of HTTP, which does not listen yet; what it answers is counted, and what fails is in the log. */
export function openHttpServer(
  handle: (request: HttpRequest) => Promise<HttpResponse>,
  { answers, log, ...options }: OpenHttpServerOptions,
): NodeServer {
  return new NodeServer(handle, {
    ...options,
    onAnswer: (request, status, error) => {
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status === 500) log.error({ ...request, status, err: error }, 'request failed');
      else if (status < 400 && error !== undefined)
        log.error({ ...request, status, err: error }, 'an answer broke off as it streamed');
      else if (log.isLevelEnabled('debug')) log.debug({ ...request, status, err: error });
    },
  });
}
