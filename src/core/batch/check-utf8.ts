import type { StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Line } from './split-lines.ts';

/**
 * Throws ServiceError 400 where the first line of a file is UTF-16, as its mark or a zero byte beside the first letter
 * tells.
 */
export function checkUtf8({ key }: StoredFile, { offset, text }: Line): void {
  const [first = 1, second = 1] = text;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (offset > 0 || !(isMarked || first === 0 || second === 0)) return;
  throw new ServiceError(400, `'${key}' is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)`);
}
