import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { archiveEntries } from '../../../src/adapters/convert/archive-entries.ts';

/** A ZIP archive's directory, as far as its entries' names go; each with so many bytes of what else there may be. */
function archive(names: readonly string[], extra = 0, comment = ''): Buffer {
  const entries = names.map((name) => {
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt16LE(Buffer.byteLength(name), 28);
    head.writeUInt16LE(extra, 30);
    return Buffer.concat([head, Buffer.from(name), Buffer.alloc(extra)]);
  });
  const start = Buffer.from('PK\x03\x04 what the files have');
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(start.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([start, directory, end, Buffer.from(comment)]);
}

const entriesOf = (bytes: Buffer) =>
  archiveEntries(async (position, length) => bytes.subarray(position, position + length), bytes.length);

test('the paths of an archive are read from its directory', async () => {
  const names = ['net/data.pkl', 'net/größe', 'a'];
  expect(await entriesOf(archive(names))).toEqual(names);
  expect(await entriesOf(archive(names, 36, 'a comment'))).toEqual(names);
  expect(await entriesOf(archive([]))).toEqual([]);
});

test('of what is cut off or garbled nothing worse comes than fewer paths', async () => {
  const whole = archive(['a/b', 'c']);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), async (length, place, byte) => {
      const broken = Buffer.from(whole.subarray(0, length));
      if (place < length) broken[place] = byte;
      expect((await entriesOf(broken)).length).toBeLessThanOrEqual(2);
    }),
  );
});
