import type { SourceFacts } from '../../core/factory/convert/source-facts.ts';
import { archiveEntries } from './archive-entries.ts';
import type { ReadAt } from './read-at.ts';

const startBytes = 1024 * 1024;

/** Reads what tells a file's framework, wherever it is, and runs nothing of it. */
export async function factsOfFile(read: ReadAt, bytes: number): Promise<SourceFacts> {
  const start = (await read(0, Math.min(startBytes, bytes))).toString('latin1');
  if (!start.startsWith('PK\x03\x04')) return { kind: 'file', start };
  return { kind: 'file', start, entries: await archiveEntries(read, bytes) };
}
