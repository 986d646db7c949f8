import type { Metadata } from '@grpc/grpc-js';

/** The texts of a call's metadata, by lower-case name; the first of several. */
export function headersOf(metadata: Metadata): Readonly<Record<string, string>> {
  const texts = Object.entries(metadata.getMap()).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
