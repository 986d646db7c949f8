import type { APIGatewayProxyResult } from 'aws-lambda';
import type { HttpResponse } from '../src/http/http-message.ts';
import { ServiceError } from '../src/protocol/service-error.ts';

import { lambdaHeaders } from './lambda-headers.ts';
import { maxResultBytes } from './max-result-bytes.ts';

/** An answer as API Gateway takes it: text as it is, bytes in base64. Throws 413 where Lambda would not carry it. */
export function lambdaResult(answer: HttpResponse, more: Readonly<Record<string, string>>): APIGatewayProxyResult {
  const headers = lambdaHeaders(answer, more);
  const bytes = Buffer.concat(answer.body);
  const isBase64Encoded =
    !/json|^text\//.test(headers['content-type'] ?? '') || headers['content-encoding'] !== undefined;
  const body = bytes.toString(isBase64Encoded ? 'base64' : 'utf8');
  if (carriedBytes(body, isBase64Encoded) > maxResultBytes) {
    throw new ServiceError(
      413,
      `the answer is ${bytes.length} bytes, more than Lambda carries (${isBase64Encoded ? '4.4' : '5.9'} MiB of ${isBase64Encoded ? 'bytes' : 'text'}); ask for fewer outputs or rows, for binary data (binary_data_output), or for links to the outputs (content_link_output)`,
    );
  }
  return { statusCode: answer.status, headers, body, isBase64Encoded };
}

/** Bytes of a body within Lambda's JSON, where each quote of a text takes two. */
function carriedBytes(body: string, isBase64Encoded: boolean): number {
  // Not counted where it could not matter: a large text takes a while.
  const isSmall = isBase64Encoded || body.length * 6 <= maxResultBytes;
  return isSmall ? body.length : Buffer.byteLength(JSON.stringify(body));
}
