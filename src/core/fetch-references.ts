import type { Exchange, ExchangeAccess, Upload } from '../ports/exchange.ts';
import { countElements } from '../protocol/count-elements.ts';
import { elementBytes } from '../protocol/element-bytes.ts';
import type { InputReference, InputTensor } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { unpackTensor } from '../protocol/unpack-tensor.ts';
import { endedBy } from './ended-by.ts';
import { untilAborted } from './until-aborted.ts';

const mostShown = 100;

/**
 * The inputs that were uploaded, in the form of the binary tensor extension.
 *
 * All lengths are held against the shapes and the limit before the first byte is read. Rejects with 400 for what is no
 * upload or not of the right length, 413 past the limit, 503 where it cannot be read, 504 once `signal` aborts.
 */
export async function fetchReferences(
  references: readonly InputReference[],
  access: ExchangeAccess,
  signal: AbortSignal,
): Promise<readonly InputTensor[]> {
  try {
    return await untilAborted(fetchAll(references, access, signal), signal, 'the uploads were not read');
  } catch (error) {
    throw endedBy(signal, error);
  }
}

async function fetchAll(
  references: readonly InputReference[],
  access: ExchangeAccess,
  signal: AbortSignal,
): Promise<readonly InputTensor[]> {
  const { maxUploadBytes } = access;
  const exchange = await access.open();
  // The first to fail ends the others.
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  try {
    const uploads = await Promise.all(references.map((reference) => findUpload(exchange, reference, either)));
    const bytes = uploads.reduce((sum, upload) => sum + upload.bytes, 0);
    if (bytes > maxUploadBytes) {
      throw new ServiceError(
        413,
        `the uploads of the request are ${bytes} bytes, more than maxUploadBytes, ${maxUploadBytes}; send it in parts`,
      );
    }
    const contents = await Promise.all(uploads.map((upload) => upload.read(either)));
    return references.map(({ name, datatype, shape }, index) => ({
      ...unpackTensor(name, datatype, shape, contents[index] as Uint8Array),
      name,
    }));
  } catch (error) {
    abort.abort();
    throw error;
  }
}

async function findUpload(
  exchange: Exchange,
  { name, datatype, shape, contentRef }: InputReference,
  signal: AbortSignal,
): Promise<Upload> {
  const upload = await exchange.findUpload(contentRef, signal);
  if (!upload) {
    throw new ServiceError(
      400,
      `input '${name}': there is no upload '${contentRef.slice(0, mostShown)}': expected a content_ref of POST /v2/uploads whose content was sent to its url, and has not expired`,
    );
  }
  if (datatype === 'BYTES') return upload;
  const expected = countElements(shape) * elementBytes[datatype];
  if (upload.bytes === expected) return upload;
  throw new ServiceError(
    400,
    `input '${name}': shape [${shape}] of ${datatype} is ${expected} bytes, and the upload '${contentRef}' has ${upload.bytes}`,
  );
}
