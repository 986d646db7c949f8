import { fetchUploads } from '../../core/fetch-uploads.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import { needExchange } from '../need-exchange.ts';

/** Items with those that were uploaded, `{"content_ref": …}`, as what their uploads hold. Rejects as `fetchUploads`. */
export async function fetchItems(
  items: readonly unknown[],
  exchange: ExchangeAccess | undefined,
  signal: () => AbortSignal,
): Promise<readonly unknown[]> {
  const references = items.flatMap((item, index) => {
    const contentRef = contentRefOf(item);
    return contentRef === undefined ? [] : [{ index, where: `item ${index}`, contentRef }];
  });
  if (references.length === 0) return items;
  const contents = await fetchUploads(references, needExchange(exchange, 400), signal());
  const fetched = new Map(references.map(({ index }, place) => [index, contents[place]]));
  return items.map((item, index) => fetched.get(index) ?? item);
}

function contentRefOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || Object.keys(item).length !== 1) return undefined;
  const { content_ref: contentRef } = item as { readonly content_ref?: unknown };
  return typeof contentRef === 'string' ? contentRef : undefined;
}
