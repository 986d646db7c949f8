/**
 * Eleven characters, of seconds and of milliseconds, by which what came later sorts before what came earlier: stores
 * list by key, and callers want the newest.
 */
export function newestFirst(at: Date): string {
  const ms = at.getTime();
  const seconds = (0xffff_ffff - Math.floor(ms / 1000)).toString(16).padStart(8, '0');
  return seconds + (999 - (ms % 1000)).toString(16).padStart(3, '0');
}
