import type { ExchangeAccess } from '../ports/exchange.ts';
import type { InputReference, InputTensor } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { shapeBytes } from '../protocol/shape-bytes.ts';
import { unpackTensor } from '../protocol/unpack-tensor.ts';
import { fetchUploads } from './fetch-uploads.ts';

/**
 * The inputs that were uploaded, in the form of the binary tensor extension. Rejects as `fetchUploads`, and with 400
 * for one that is not of the right length.
 */
export async function fetchReferences(
  references: readonly InputReference[],
  access: ExchangeAccess,
  signal: AbortSignal,
): Promise<readonly InputTensor[]> {
  const named = references.map(({ name, contentRef }) => ({ where: `input '${name}'`, contentRef }));
  const contents = await fetchUploads(named, access, signal, ({ bytes }, index) =>
    checkLength(references[index] as InputReference, bytes),
  );
  return references.map(({ name, datatype, shape }, index) => ({
    ...unpackTensor(name, datatype, shape, contents[index] as Uint8Array),
    name,
  }));
}

function checkLength({ name, datatype, shape, contentRef }: InputReference, bytes: number): void {
  if (datatype === 'BYTES') return;
  const expected = shapeBytes({ datatype, shape });
  if (bytes === expected) return;
  throw new ServiceError(
    400,
    `input '${name}': shape [${shape}] of ${datatype} is ${expected} bytes, and the upload '${contentRef}' has ${bytes}`,
  );
}
