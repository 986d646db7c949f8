import { fromBase64 } from '../../protocol/from-base64.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { textOfBytes } from '../../protocol/text-of-bytes.ts';
import { shownJson } from '../shown-json.ts';
import type { Kind } from './flow.ts';
import { kindWords } from './flow.ts';
import type { Item } from './predict.ts';

/**
 * An item as callers write it in JSON: a text, a pair of them, a file in base64, which may be a data URL, columns; or
 * the bytes of a text or a file. Throws ServiceError 400 for what the task does not take.
 */
export function readItem(item: unknown, kind: Kind, truncate: boolean): Item {
  if (kind === 'text' && typeof item === 'string') return { text: item, truncate };
  if (kind === 'text' && item instanceof Uint8Array) return { text: textOfBytes(item), truncate };
  if (kind === 'text' && isPair(item)) return { text: item.text, pair: item.text_pair, truncate };
  if (kind === 'features' && typeof item === 'object' && item !== null) return item as Item;
  if (kind === 'file' && item instanceof Uint8Array) return item;
  if (kind === 'file' && typeof item === 'string') {
    const bytes = fromBase64(item.replace(/^data:[^,]{0,100};base64,/i, ''));
    if (bytes) return bytes;
    throw new ServiceError(400, `expected a file in base64, got '${item.slice(0, 40)}'`);
  }
  throw new ServiceError(400, `expected ${expected[kind] ?? kindWords[kind]}, got ${shown(item)}`);
}

const expected: Partial<Record<Kind, string>> = {
  file: 'a file in base64',
  text: 'a text, or {"text": …, "text_pair": …}',
};

function isPair(item: unknown): item is { readonly text: string; readonly text_pair: string } {
  if (typeof item !== 'object' || item === null) return false;
  const { text, text_pair: pair, ...more } = item as Record<string, unknown>;
  return typeof text === 'string' && typeof pair === 'string' && Object.keys(more).length === 0;
}

function shown(item: unknown): string {
  return item instanceof Uint8Array ? 'bytes' : shownJson(item);
}
