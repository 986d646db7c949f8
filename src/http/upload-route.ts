import { shownJson } from '../core/shown-json.ts';
import type { ExchangeAccess } from '../ports/exchange.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { jsonBody } from './json-body.ts';
import { jsonResponse } from './json-response.ts';
import { needExchange } from './need-exchange.ts';
import type { Handler } from './router.ts';

/**
 * `POST /v2/uploads`: a URL to upload an input to, and what a request calls it by. 404 where the host has no exchange.
 */
export function uploadRoute(access: ExchangeAccess | undefined): Handler {
  return async (request) => {
    const host = needExchange(access, 404);
    const bytes = lengthIn(jsonBody(request, true), host.maxUploadBytes);
    const exchange = await host.open();
    const place = await exchange.createUpload(bytes);
    return jsonResponse({
      content_ref: place.reference,
      method: 'PUT',
      url: place.url,
      headers: place.headers,
      expires_at: place.expiresAt.toISOString(),
      max_bytes: bytes ?? host.maxUploadBytes,
    });
  };
}

function lengthIn({ bytes, ...others }: Record<string, unknown>, maxUploadBytes: number): number | undefined {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new ServiceError(400, `field '${unknown.slice(0, 40)}': expected 'bytes' alone, or an empty body`);
  if (bytes === undefined) return undefined;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw new ServiceError(400, `field 'bytes': expected the length of what will be uploaded, got ${shownJson(bytes)}`);
  }
  if (bytes <= maxUploadBytes) return bytes;
  throw new ServiceError(
    413,
    `field 'bytes': ${bytes} is more than maxUploadBytes, ${maxUploadBytes}; send the request in parts`,
  );
}
