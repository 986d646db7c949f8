import type { ReadAt } from './read-at.ts';

const endBytes = 22;
const longestComment = 65_535;
const endMark = Buffer.from('PK\x05\x06', 'latin1');
const entryMark = 0x02014b50;
const entryBytes = 46;
// Archives of models have some thousands of entries at most.
const mostBytes = 16 * 1024 * 1024;

/**
 * The paths in a ZIP archive, by its directory at the end; none where that does not hold, as in one of 4 GiB and more
 * whose directory is there in the longer form.
 */
export async function archiveEntries(read: ReadAt, size: number): Promise<readonly string[]> {
  const tailBytes = Math.min(size, endBytes + longestComment);
  const tail = await read(size - tailBytes, tailBytes);
  const end = tail.lastIndexOf(endMark);
  if (end < 0 || end + endBytes > tail.length) return [];
  const [length, position] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (position + length > size) return [];
  const directory = await read(position, Math.min(length, mostBytes));
  const entries: string[] = [];
  let at = 0;
  while (at + entryBytes <= directory.length && directory.readUInt32LE(at) === entryMark) {
    const name = at + entryBytes;
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push(directory.toString('utf8', name, name + nameBytes));
    at = name + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}
