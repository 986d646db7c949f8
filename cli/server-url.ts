import { UsageError } from './usage-error.ts';

/** The address of a server as it is given on the command line; without a scheme it is http. */
export function serverUrl(text: string): string {
  const url = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(url)) return url.replace(/\/+$/, '');
  throw new UsageError(`--url ${text}: expected the address of a server, such as http://127.0.0.1:8080`);
}
