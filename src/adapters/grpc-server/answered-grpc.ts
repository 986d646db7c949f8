import { isDenied } from '../../core/is-denied.ts';
import type { AnsweredCall } from '../../ports/answered-call.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { MessageCall } from './message-call.ts';

/** What became of a message. */
export interface AnsweredMessage {
  readonly code: number;
  readonly ms: number;
  readonly bytes: Uint8Array;
  readonly answer?: Uint8Array | undefined;
  readonly error?: unknown;
}

/** A message over gRPC as it was answered. */
export function answeredGrpc(
  method: string,
  {
    caller,
    requestId,
    asked,
    chosen,
    served: ran,
  }: Partial<Pick<MessageCall, 'caller' | 'asked' | 'chosen' | 'served'>> & Pick<MessageCall, 'requestId'>,
  { code, ms, bytes, answer, error }: AnsweredMessage,
): AnsweredCall {
  const { receivedMs: _, times, ...served } = ran ?? { receivedMs: 0, times: undefined };
  return {
    protocol: 'grpc',
    method,
    requestId,
    caller: caller?.name ?? (error instanceof ServiceError ? error.caller : undefined),
    status: code,
    ms,
    waitedMs: times ? times.queueMs + times.loadMs : 0,
    served: 'model' in served ? served : undefined,
    chosen: error === undefined ? undefined : chosen,
    asked: isDenied(error) ? asked : undefined,
    body: bytes,
    answerBytes: answer?.length ?? 0,
    error,
  };
}
