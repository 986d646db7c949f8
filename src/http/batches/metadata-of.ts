import { shownJson } from '../../core/shown-json.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * A caller's own notes on what it asks for; null: none. Throws ServiceError 400 where they are not as OpenAI's API has
 * them.
 */
export function metadataOf(metadata: unknown): Readonly<Record<string, string>> | null {
  if (metadata === null) return null;
  const pairs = typeof metadata === 'object' && !Array.isArray(metadata) ? Object.entries(metadata) : undefined;
  const fits = pairs?.every(([name, value]) => name.length <= 64 && typeof value === 'string' && value.length <= 512);
  if (pairs && fits && pairs.length <= 16) return Object.fromEntries(pairs) as Record<string, string>;
  const expected = 'up to 16 strings of up to 512 characters, by names of up to 64';
  throw new ServiceError(400, `field 'metadata': expected ${expected}, got ${shownJson(metadata)}`, {
    field: 'metadata',
  });
}
