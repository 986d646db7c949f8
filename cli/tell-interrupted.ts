/** Says how a batch job goes on that Ctrl-C interrupts; the process ends with 130, whenever it does. */
export function tellInterrupted(): void {
  console.error('\ninterrupted: run the same command again, and it goes on where it was');
  process.exitCode = 130;
}
