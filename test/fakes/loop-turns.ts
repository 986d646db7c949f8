/** Counts turns of the event loop from now on; what it gives tells how many there were, and ends it. */
export function loopTurns(): () => number {
  let turns = 0;
  let timer = setImmediate(count);
  function count(): void {
    turns += 1;
    timer = setImmediate(count);
  }
  return () => {
    clearImmediate(timer);
    return turns;
  };
}
