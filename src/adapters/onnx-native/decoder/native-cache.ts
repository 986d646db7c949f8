import type { DecoderCache } from '../../../ports/decoder.ts';
import type { CacheGroup } from './cache-group.ts';

/** The cache of one sequence: a row of a group, or none yet. */
export class NativeCache implements DecoderCache {
  length = 0;
  /** Whose memory it is in; undefined: it holds nothing. */
  group: CacheGroup | undefined;
  row = 0;

  /** Makes it a row of another group, or of none; the one that it was in is freed with its last row. */
  moveTo(group: CacheGroup | undefined, row: number): void {
    const left = this.group;
    if (left) left.remove(this);
    this.group = group;
    this.row = row;
    group?.add(this);
    if (left && left.size === 0) left.release();
  }

  /** Takes what it holds along into a row of another group. */
  copyInto(group: CacheGroup, row: number): void {
    group.fill(row, this, this.length);
    this.moveTo(group, row);
  }

  /** A cache of the first `length` tokens of this one, in the first row of a group. */
  forkInto(group: CacheGroup, length: number): NativeCache {
    const copy = new NativeCache();
    group.fill(0, this, length);
    copy.moveTo(group, 0);
    copy.length = length;
    return copy;
  }

  release(): void {
    this.moveTo(undefined, 0);
    this.length = 0;
  }
}
