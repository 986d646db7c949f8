import { isObject } from '../protocol/is-object.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { checkNesting } from './check-nesting.ts';
import type { HttpRequest } from './http-message.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

const byteOrderMark = [0xef, 0xbb, 0xbf];
const space = [0x20, 0x09, 0x0a, 0x0d];

/**
 * The body as a JSON object; an empty one, which clients send, is `{}`. Throws 400 for anything else, 413 for one that
 * nests too deep.
 *
 * @param orNothing an empty body is as good as any, which messages say
 */
export function jsonBody(
  { body, headers }: Pick<HttpRequest, 'body' | 'headers'>,
  orNothing = false,
): Record<string, unknown> {
  if (body.length === 0) return {};
  // In what is no JSON, such as a picture, brackets are no levels.
  if (beginsAsJson(body)) checkNesting(body);
  const advice = `send an object${orNothing ? ', or nothing' : ''}`;
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8';
    throw new ServiceError(400, `the body is not JSON: ${why}; ${advice}${typeHint(body, headers)}`, { cause });
  }
  if (isObject(value)) return value;
  throw new ServiceError(400, `the body is JSON but no object; ${advice}`);
}

/**
 * For what does not even begin as JSON: clients such as curl call a file a form unless they are told what it is, and
 * others say nothing.
 */
function typeHint(body: Uint8Array, headers: HttpRequest['headers']): string {
  const type = String(headers['content-type'] ?? '').slice(0, 100);
  if (/json/i.test(type) || beginsAsJson(body)) return '';
  const says = type === '' ? 'there is no Content-Type' : `Content-Type says ${type}`;
  return `; ${says}: a file is sent with its own, such as image/png, where files are taken`;
}

/** Whether it begins as an array or object does, behind what is no part of the text that is parsed, and space. */
function beginsAsJson(body: Uint8Array): boolean {
  const isMarked = byteOrderMark.every((byte, at) => body[at] === byte);
  const first = body.subarray(isMarked ? byteOrderMark.length : 0).find((byte) => !space.includes(byte));
  return first === 0x5b || first === 0x7b;
}
