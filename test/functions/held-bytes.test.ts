import { expect, test } from '@jest/globals';
import { heldBytes } from '../../functions/held-bytes.ts';

test('tells of memory that the process holds', () => {
  const before = heldBytes();
  const block = Buffer.alloc(64 * 1024 * 1024, 1);
  expect(heldBytes() - before).toBeGreaterThan(block.length * 0.8);
});
