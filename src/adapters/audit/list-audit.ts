import type { ObjectStore } from '../../ports/object-store.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import { readLines } from './read-lines.ts';

/** Which lines are wanted; what is absent makes no difference. */
export interface AuditFilter {
  readonly who?: string | undefined;
  readonly model?: string | undefined;
  /** A change's action, or the kind of a call's line: `call`, `denied`. */
  readonly action?: string | undefined;
  /** Days or times of ISO 8601: from the first, to the end of the second where it is a day, or to before that time. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A line of the audit log, as it says. */
export type AuditLine = Readonly<Record<string, unknown>> & { readonly at: string };

/** What of the chains is about their own, and what changed nothing. */
const ownKinds = ['begin', 'end', 'unchanged'];

/**
 * Lines of the audit log that a filter lets through: changes, then calls by day and host. Lines that are none are
 * passed over.
 */
export async function* listAudit(store: ObjectStore, filter: AuditFilter): AsyncGenerator<AuditLine, void> {
  for (const line of await changesIn(store)) if (passes(line, filter)) yield line;
  const { from, to } = filter;
  for (const file of await store.list('calls/')) {
    const [, day] = /^calls\/([^/]+)\//.exec(file.key) ?? [];
    if (day !== undefined && ((from && day < from.slice(0, 10)) || (to && day > to.slice(0, 10)))) continue;
    for await (const text of readLines(store, file)) {
      const line = parsed(text);
      if (line && passes(line, filter)) yield line;
    }
  }
}

/** Changes are few. Of those that were begun, and of which a later line says how they ended, that line alone. */
async function changesIn(store: ObjectStore): Promise<readonly AuditLine[]> {
  const lines: AuditLine[] = [];
  for (const file of await store.list('changes/'))
    for await (const text of readLines(store, file)) {
      const line = parsed(text);
      if (line) lines.push(line);
    }
  const ended = new Set(lines.map(({ begun }) => begun));
  return lines.filter(({ kind, number }) => kind !== 'begun' || !ended.has(number));
}

function passes(line: AuditLine, { who, model, action, from, to }: AuditFilter): boolean {
  if (ownKinds.includes(String(line.kind)) && action !== line.kind) return false;
  if (who !== undefined && line.who !== who) return false;
  if (model !== undefined && line.model !== model) return false;
  if (action !== undefined && line.action !== action && line.kind !== action) return false;
  return !(from !== undefined && line.at < from) && !(to !== undefined && line.at >= endOf(to));
}

/** A day goes on until the next one begins: any time of it is less than the letter that follows digits and signs. */
function endOf(to: string): string {
  return to.length === 10 ? `${to}~` : to;
}

function parsed(text: string): AuditLine | undefined {
  const line = jsonIn(text) as AuditLine | null | undefined;
  return typeof line?.at === 'string' ? line : undefined;
}
