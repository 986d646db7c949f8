import { expect, test } from '@jest/globals';
import { EachStep, type StoreKind } from './each-step.ts';

const runs = new EachStep(12);
const kinds: [StoreKind, number][] = [
  ['a directory', 40],
  ['a directory', 1e6],
  ['S3', 40],
];

test.each(kinds)(
  'killed between any two steps, with %s and shards of %i bytes, each record ends with one answer or one error',
  async (kind, shardBytes) => {
    expect(await runs.killed(kind, shardBytes)).toBeGreaterThan(20);
  },
  180_000,
);

test.each(kinds)(
  'overtaken between any two steps by another run of it, with %s and shards of %i bytes, both end with the same results',
  async (kind, shardBytes) => {
    expect(await runs.overtaken(kind, shardBytes)).toBeGreaterThan(20);
  },
  180_000,
);
