let last = 0;

/** A number that no other automaton has. */
export function nextMachineId(): number {
  last += 1;
  return last;
}
