import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { HttpResponse } from '../src/http/http-message.ts';
import { roundedMs } from '../src/http/rounded-ms.ts';
import { callerOf } from './caller-of.ts';
import { countInference } from './count-inference.ts';
import { logger } from './logger.ts';
import { sendSubsegment } from './send-subsegment.ts';

/** How an answer came about. */
interface Answering {
  readonly ms: number;
  readonly isColdStart: boolean;
  /** What it failed on, or broke off. */
  readonly error: unknown;
}

/** A line in the log, a metric of each inference, and a trace of what is sampled; never with bodies or keys. */
export function recordAnswer(
  event: APIGatewayProxyEvent,
  { status, served, chosen, timing }: HttpResponse,
  { ms, isColdStart, error }: Answering,
): Promise<void> {
  const { httpMethod: method, path } = event;
  const caller = callerOf(event);
  const fields = { method, path, status, ms: roundedMs(ms), ...(served ?? chosen) };
  if (status === 500 || (status < 400 && error !== undefined))
    logger.error('answered', { ...fields, error: error as Error });
  else logger.info('answered', fields);
  if (served) countInference(served, ms, caller);
  const endedAtMs = Date.now();
  const version = served && { model: served.model, version: served.version };
  return sendSubsegment(
    {
      name: 'answer',
      startedAtMs: endedAtMs - ms,
      endedAtMs,
      status,
      annotations: { ...version, ...caller, coldStart: isColdStart },
      metadata: { method, path, ...(timing !== undefined && { timing }) },
      error,
    },
    process.env,
  );
}
