import type { ModelRepository } from '../core/model-repository.ts';
import type { HttpResponse } from './http-message.ts';

/**
 * The response, which says so where the version that answered is deprecated: since when, and why.
 *
 * Sources: RFC 9745, "The Deprecation HTTP Response Header Field", whose value is a date of RFC 9651; RFC 7234, 5.5 "Warning", code 299.
 */
export function withDeprecation(response: HttpResponse, repository: ModelRepository): HttpResponse {
  const { served } = response;
  const note = served && repository.noteOf(served.model, Number(served.version));
  if (note?.deprecated === undefined) return response;
  const sinceMs = Date.parse(note.deprecatedAt ?? '') || 0;
  const warning = `model '${served?.model}' version ${served?.version} is deprecated: ${note.deprecated}`;
  const told = ['deprecation', `@${Math.floor(sinceMs / 1000)}`, 'warning', `299 tensorgate ${quoted(warning)}`];
  return { ...response, headers: [...response.headers, ...told] };
}

/** A quoted string of RFC 9110; what a header cannot carry is a question mark. */
function quoted(text: string): string {
  const plain = text.slice(0, 512).replace(/[^\x20-\x7e]+/g, '?');
  return `"${plain.replace(/["\\]/g, '\\$&')}"`;
}
