import { readFileSync } from 'node:fs';

// Of x86_64, and of Lambda's arm64.
const pageBytes = 4096;

/**
 * Bytes of memory that this process holds for itself. Pages of files (libraries, mapped weights) are not among them:
 * the system drops them where it needs room. Source: proc(5), /proc/self/statm.
 */
export function heldBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  const [, resident, shared] = readFileSync('/proc/self/statm', 'latin1').split(' ').map(Number) as [
    number,
    number,
    number,
  ];
  return (resident - shared) * pageBytes;
}
