import { percentEncode } from './percent-encode.ts';

/** The query of a URL, with its `?`; empty where there is none. */
export function queryText(query: Readonly<Record<string, string>>): string {
  const search = Object.entries(query).map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return search.length > 0 ? `?${search.join('&')}` : '';
}
