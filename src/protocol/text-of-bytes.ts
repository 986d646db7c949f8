import { ServiceError } from './service-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes that are one text. Throws 400 where they are no UTF-8. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ServiceError(400, 'the text is not in UTF-8', { cause });
  }
}
