/** Says how a batch job goes on that Ctrl-C interrupts; the process ends with 130, whenever it does. */
export function tellInterrupted(): void {
  console.error('\ninterrupted: the same command again goes on with what is left; shards under way begin anew');
  process.exitCode = 130;
}
