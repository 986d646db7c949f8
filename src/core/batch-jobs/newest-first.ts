/** Eight characters by which what came later sorts before what came earlier: stores list by key, and callers want the newest. */
export function newestFirst(at: Date): string {
  return (0xffff_ffff - Math.floor(at.getTime() / 1000)).toString(16).padStart(8, '0');
}
