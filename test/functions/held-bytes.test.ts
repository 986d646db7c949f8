import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

// In a process of its own: in this one, what is collected meanwhile would be taken off.
test('tells of memory that the process holds', () => {
  const file = JSON.stringify(new URL('../../functions/held-bytes.ts', import.meta.url));
  const program = `
    import { heldBytes } from ${file};
    const before = heldBytes();
    const block = Buffer.alloc(64 * 1024 * 1024, 1);
    console.log((heldBytes() - before) / block.length);
  `;
  const share = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(Number(share)).toBeGreaterThan(0.8);
  expect(Number(share)).toBeLessThan(1.2);
});
