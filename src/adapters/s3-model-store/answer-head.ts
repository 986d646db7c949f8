import { S3Error } from './s3-error.ts';

/** What an HTTP answer begins with; names of headers in small letters. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * The status line and the headers of an answer of HTTP/1 (RFC 9112), without the empty line after them. Throws an
 * S3Error for anything else.
 */
export function parseAnswerHead(text: string): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, status] = /^HTTP\/1\.[01] ([2-5][0-9]{2})(?: |$)/.exec(first) ?? [];
  if (status === undefined) {
    throw new S3Error(0, 'NoHttp', `expected an answer of HTTP/1.1 from S3, got ${JSON.stringify(first.slice(0, 80))}`);
  }
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(status), headers: Object.fromEntries(headers) };
}
