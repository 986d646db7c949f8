import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

/** Reads an array of what has names, each its own. Throws 400 where two share one, 413 where there are too many. */
export function scanList<Item extends { readonly name: string }>(
  scanner: JsonScanner,
  what: 'inputs' | 'outputs',
  scan: (scanner: JsonScanner, index: number) => Item,
): Item[] {
  if (scanner.next() !== 0x5b) wrongKind(scanner, `'${what}'`, 'an array of objects');
  const { maxTensors } = scanner.limits;
  const items: Item[] = [];
  const names = new Set<string>();
  for (let more = scanner.enter(0x5d); more; more = scanner.more(0x5d)) {
    if (items.length >= maxTensors)
      throw new ServiceError(413, `the request has more ${what} than maxTensors, ${maxTensors}`);
    const item = scan(scanner, items.length);
    if (names.has(item.name)) throw new ServiceError(400, `the ${what} have '${item.name}' twice`);
    names.add(item.name);
    items.push(item);
  }
  return items;
}
