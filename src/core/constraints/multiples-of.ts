import type { Form } from './form.ts';
import { nextMachineId } from './next-machine-id.ts';
import { shortestToEnd } from './shortest-to-end.ts';

/** States before those of the remainders: the beginning, behind a minus, behind a zero that nothing follows. */
const [begin, negative, zero, first] = [0, 1, 2, 3];
const [minus, digits] = [1, 2];

/** Whole numbers that are multiples of one, written without an exponent: digit by digit, by the remainder so far. */
export function multiplesOf(divisor: number): Form {
  const classes = new Uint8Array(256);
  classes[0x2d] = minus;
  for (let digit = 0; digit < 10; digit += 1) classes[0x30 + digit] = digits + digit;
  const next = Array.from({ length: first + divisor }, () => new Int32Array(digits + 10).fill(-1));
  const set = (state: number, byteClass: number, to: number) => {
    (next[state] as Int32Array)[byteClass] = to;
  };
  set(begin, minus, negative);
  set(begin, digits, zero);
  for (let digit = 0; digit < 10; digit += 1) {
    if (digit > 0) for (const state of [begin, negative]) set(state, digits + digit, first + (digit % divisor));
    for (let rest = 0; rest < divisor; rest += 1)
      set(first + rest, digits + digit, first + ((rest * 10 + digit) % divisor));
  }
  const ends = next.map((_, state) => state === zero || state === first);
  const machine = { id: nextMachineId(), classes, next, shortest: shortestToEnd(next, ends) };
  return { kind: 'machine', machine, state: begin };
}
