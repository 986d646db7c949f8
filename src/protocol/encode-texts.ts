import type { ByteWriter } from './byte-writer.ts';
import { ServiceError } from './service-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes elements of BYTES as strings, each with a comma behind it. Throws 400 for what is no UTF-8. */
export function encodeTexts(writer: ByteWriter, name: string, elements: readonly Uint8Array[]): void {
  for (const element of elements) {
    writer.text(JSON.stringify(textOf(name, element)));
    writer.text(',');
  }
}

function textOf(name: string, element: Uint8Array): string {
  try {
    return decoder.decode(element);
  } catch (cause) {
    throw new ServiceError(
      400,
      `'${name}' holds bytes that are no UTF-8 text; ask for it as binary data (binary_data: true)`,
      { cause },
    );
  }
}
