import { onePiece } from '../../core/one-piece.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { hexDigest } from '../hex-digest.ts';

/** Lines of a chain that are one object. */
export interface Segment {
  /** As in 2026-11-29, by UTC. */
  readonly day: string;
  readonly host: string;
  /** From 1 on. */
  readonly number: number;
  readonly lines: string[];
}

/**
 * Stores a segment; where an earlier try has done it, all is well. Rejects with ServiceError 503 where it cannot be
 * stored, 409 where another is in its place.
 */
export async function writeSegment(store: ObjectStore, { day, host, number, lines }: Segment): Promise<void> {
  const key = `calls/${day}/${host}/${String(number).padStart(8, '0')}.jsonl`;
  const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const { isNew, checksum } = await store.create(key, onePiece(content));
  if (isNew || checksum === hexDigest(content)) return;
  throw new ServiceError(409, `'.audit/${key}' is there already, and was not written by this process`);
}
