import { ServiceError } from '../../protocol/service-error.ts';
import { valueJson } from './value-json.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * JSON of a value that goes through to the output. Throws ServiceError 400 for bytes that are no text: JSON has no
 * others.
 */
export function keptJson(name: string, value: unknown): string {
  try {
    return valueJson(value, decoder);
  } catch (cause) {
    throw new ServiceError(
      400,
      `column '${name}', which is kept, has bytes that are no UTF-8; keep others (--keep <field>)`,
      { cause },
    );
  }
}
