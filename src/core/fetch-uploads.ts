import type { Exchange, ExchangeAccess, Upload } from '../ports/exchange.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { endedBy } from './ended-by.ts';
import { untilAborted } from './until-aborted.ts';

/** An upload that a request refers to. */
export interface UploadReference {
  /** Whose it is, as messages name it. */
  readonly where: string;
  readonly contentRef: string;
}

const mostShown = 100;

/**
 * What callers have uploaded.
 *
 * All lengths are held against the limit, and shown to `check`, before the first byte is read. Rejects with 400 for
 * what is no upload, 413 past the limit, 503 where it cannot be read, 504 once `signal` aborts, and as `check` throws.
 */
export async function fetchUploads(
  references: readonly UploadReference[],
  access: ExchangeAccess,
  signal: AbortSignal,
  check: (upload: Upload, index: number) => void = () => undefined,
): Promise<readonly Uint8Array[]> {
  try {
    return await untilAborted(fetchAll(references, access, signal, check), signal, 'the uploads were not read');
  } catch (error) {
    throw endedBy(signal, error);
  }
}

async function fetchAll(
  references: readonly UploadReference[],
  access: ExchangeAccess,
  signal: AbortSignal,
  check: (upload: Upload, index: number) => void,
): Promise<readonly Uint8Array[]> {
  const { maxUploadBytes } = access;
  const exchange = await access.open();
  // The first to fail ends the others.
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  try {
    const uploads = await Promise.all(
      references.map(async (reference, index) => {
        const upload = await findUpload(exchange, reference, either);
        check(upload, index);
        return upload;
      }),
    );
    const bytes = uploads.reduce((sum, upload) => sum + upload.bytes, 0);
    if (bytes > maxUploadBytes) {
      throw new ServiceError(
        413,
        `the uploads of the request are ${bytes} bytes, more than maxUploadBytes, ${maxUploadBytes}; send it in parts`,
      );
    }
    return await Promise.all(uploads.map((upload) => upload.read(either)));
  } catch (error) {
    abort.abort();
    throw error;
  }
}

async function findUpload(
  exchange: Exchange,
  { where, contentRef }: UploadReference,
  signal: AbortSignal,
): Promise<Upload> {
  const upload = await exchange.findUpload(contentRef, signal);
  if (upload) return upload;
  throw new ServiceError(
    400,
    `${where}: there is no upload '${contentRef.slice(0, mostShown)}': expected a content_ref of POST /v2/uploads whose content was sent to its url, and has not expired`,
  );
}
