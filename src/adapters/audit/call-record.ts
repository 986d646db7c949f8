import { askedName } from '../../core/asked-name.ts';
import { isDenied } from '../../core/is-denied.ts';
import type { AnsweredCall } from '../../ports/answered-call.ts';
import { hexDigest } from '../hex-digest.ts';

/** What the audit log has of a call. Never a key, a query or a body: of the input its SHA-256 and its length. */
export function callRecord(call: AnsweredCall, digest: string | undefined): Record<string, unknown> {
  const { protocol, method, path, requestId, caller, status, ms, asked, served, chosen, body, answerBytes, error } =
    call;
  return {
    kind: isDenied(error) ? 'denied' : 'call',
    protocol,
    method,
    path: path?.slice(0, 1024),
    requestId,
    who: caller,
    status,
    ms: Math.round(ms * 1000) / 1000,
    ...(asked !== undefined && { model: askedName(asked) }),
    ...(served ?? chosen),
    bytesIn: body.length,
    bytesOut: answerBytes,
    input: digest,
    ...(isDenied(error) && { why: error.message }),
  };
}

/** SHA-256 of a body, in hexadecimal; undefined where there is none. */
export function digestOf(body: Uint8Array): string | undefined {
  return body.length === 0 ? undefined : hexDigest(body);
}
