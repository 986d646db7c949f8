import type { StoredFile } from '../../ports/object-store.ts';

/** A chain of the audit log: its name, and its segments by their numbers. */
export interface ChainFiles {
  /** `changes`, or `calls/<host>`. */
  readonly name: string;
  readonly segments: ReadonlyMap<number, StoredFile>;
}

export interface AuditFiles {
  readonly chains: readonly ChainFiles[];
  /** Keys that no segment has. */
  readonly unknown: readonly string[];
}

const changes = /^changes\/([0-9]{12})\.jsonl$/;
const calls = /^calls\/[0-9]{4}-[0-9]{2}-[0-9]{2}\/([^/]+)\/([0-9]{8})\.jsonl$/;

/** The chains that files of `.audit/changes/` and `.audit/calls/` make up, by name. */
export function auditFiles(files: readonly StoredFile[]): AuditFiles {
  const chains = new Map<string, Map<number, StoredFile>>();
  const unknown: string[] = [];
  for (const file of files) {
    const place = placeOf(file.key);
    const segments = (place && chains.get(place.name)) ?? new Map<number, StoredFile>();
    // Two days may have one number only where somebody has put one there.
    if (!place || segments.has(place.number)) unknown.push(file.key);
    else chains.set(place.name, segments.set(place.number, file));
  }
  const named = [...chains].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, segments]) => ({ name, segments }));
  return { chains: named, unknown };
}

function placeOf(key: string): { readonly name: string; readonly number: number } | undefined {
  const [, change] = changes.exec(key) ?? [];
  if (change !== undefined) return { name: 'changes', number: Number(change) };
  const [, host, number] = calls.exec(key) ?? [];
  return host === undefined ? undefined : { name: `calls/${host}`, number: Number(number) };
}
