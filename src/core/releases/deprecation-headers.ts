import type { Served } from '../../ports/served.ts';
import type { ModelRepository } from '../model-repository.ts';
import { versionLabel } from '../version-label.ts';

/**
 * Headers, or metadata of gRPC, for an answer of a version that is deprecated: names and values in turn, since when and
 * why. Undefined for any other.
 *
 * Sources: RFC 9745, "The Deprecation HTTP Response Header Field", whose value is a date of RFC 9651; RFC 7234, 5.5
 * "Warning", code 299.
 */
export function deprecationHeaders(repository: ModelRepository, served: Served): readonly string[] | undefined {
  const { model, version } = served;
  const note = repository.noteOf(model, Number(version));
  if (note?.deprecated === undefined) return undefined;
  const sinceMs = Date.parse(note.deprecatedAt ?? '') || 0;
  const warning = `${versionLabel(model, version)} is deprecated: ${note.deprecated}`;
  return ['deprecation', `@${Math.floor(sinceMs / 1000)}`, 'warning', `299 tensorgate ${quoted(warning)}`];
}

/** A quoted string of RFC 9110; what a header cannot carry is a question mark. */
function quoted(text: string): string {
  const plain = text.slice(0, 512).replace(/[^\x20-\x7e]+/g, '?');
  return `"${plain.replace(/["\\]/g, '\\$&')}"`;
}
