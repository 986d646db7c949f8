import { ServiceError } from '../../protocol/service-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A body that is one text. Throws 400 where it is no UTF-8. */
export function bodyText(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new ServiceError(400, 'the body is text, and not in UTF-8', { cause });
  }
}
