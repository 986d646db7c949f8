import type { FieldFault } from './field-error.ts';
import type { JsonScanner } from './json-scanner.ts';
import { skipValue } from './skip-value.ts';

const mostShown = 40;
const decoder = new TextDecoder();
const words: Readonly<Partial<Record<FieldFault['kind'], string>>> = { object: 'an object', list: 'an array' };

/** Takes any value: of what kind it is, and how it is shown. Throws ServiceError 400 where it is no JSON. */
export function takeValue(scanner: JsonScanner): Pick<FieldFault, 'kind' | 'got'> {
  const kind = kindOf(scanner.next());
  const start = scanner.at;
  skipValue(scanner);
  return { kind, got: words[kind] ?? shown(scanner.bytes, start, scanner.at) };
}

function kindOf(first: number): FieldFault['kind'] {
  if (first === 0x22) return 'text';
  if (first === 0x7b) return 'object';
  if (first === 0x5b) return 'list';
  if (first === 0x6e) return 'null';
  return first === 0x74 || first === 0x66 ? 'boolean' : 'number';
}

function shown(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= mostShown) return decoder.decode(bytes.subarray(start, end));
  // A character may have been cut.
  return `${decoder.decode(bytes.subarray(start, start + mostShown)).replace(/\ufffd+$/, '')}…`;
}
