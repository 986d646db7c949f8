/**
 * Lets the command go on to its end where whoever reads its output has left, as `head` does: nobody misses what comes
 * behind it.
 */
export function outliveReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
