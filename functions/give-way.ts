/**
 * Ends the process once its answer has left, where it holds more than `maxResidentBytes`: Lambda then starts a fresh
 * environment for the next request, where running out of memory would kill it in the middle of one.
 */
export function giveWay(maxResidentBytes: number, warn: (residentBytes: number) => void): void {
  const residentBytes = process.memoryUsage.rss();
  if (residentBytes <= maxResidentBytes) return;
  warn(residentBytes);
  setTimeout(() => process.exit(0), 50);
}
