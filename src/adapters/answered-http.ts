import { isDenied } from '../core/is-denied.ts';
import { modelInPath } from '../core/model-in-path.ts';
import type { HttpResponse } from '../http/http-message.ts';
import type { AnsweredCall } from '../ports/answered-call.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** What was asked, and by whom. */
export interface AskedHttp {
  readonly method: string;
  readonly path: string;
  readonly requestId: string;
  /** The name of whoever called. */
  readonly key?: string | undefined;
}

const noBytes = new Uint8Array(0);

/** A request over HTTP as it was answered, after `ms`; `error` is what it failed on. */
export function answeredHttp(
  { method, path, requestId, key }: AskedHttp,
  { status, body: answer, served, chosen, stages }: HttpResponse,
  ms: number,
  body: Uint8Array = noBytes,
  error?: unknown,
): AnsweredCall {
  const times = stages?.times;
  return {
    protocol: 'http',
    method,
    path,
    requestId,
    caller: key ?? (error instanceof ServiceError ? error.caller : undefined),
    status,
    ms,
    waitedMs: times ? times.queueMs + times.loadMs : 0,
    served,
    chosen,
    asked: isDenied(error) ? (error.model ?? modelInPath(path)) : undefined,
    body,
    answerBytes: answer.reduce((sum, part) => sum + part.length, 0),
    error,
  };
}
