import type { HttpResponse } from '../src/http/http-message.ts';

/** The headers of an answer by name, as API Gateway takes them, after those of `more`. */
export function lambdaHeaders(
  { headers }: HttpResponse,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  const all: Record<string, string> = { ...more };
  for (let i = 0; i < headers.length; i += 2) all[headers[i] as string] = headers[i + 1] as string;
  return all;
}
