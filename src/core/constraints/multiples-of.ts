import type { Form } from './form.ts';
import { nextMachineId } from './next-machine-id.ts';
import { shortestToEnd } from './shortest-to-end.ts';

interface Divisor {
  /** Its digits, as a whole number. */
  readonly digits: number;
  /** How many of them stand behind the point. */
  readonly decimals: number;
}

/** States before those of the remainders: the beginning, behind a minus, behind a zero that no digit follows. */
const [begin, negative, zero, first] = [0, 1, 2, 3];
const [minus, point, digits] = [1, 2, 3];
const none = -1;

/**
 * Numbers that are multiples of one as they are written, without an exponent, and with no more digits behind the point
 * than it has: digit by digit, by the remainder so far.
 */
export function multiplesOf(divisor: Divisor): Form {
  const classes = new Uint8Array(256);
  classes[0x2d] = minus;
  classes[0x2e] = point;
  for (let digit = 0; digit < 10; digit += 1) classes[0x30 + digit] = digits + digit;
  const length = first + divisor.digits * (divisor.decimals === 0 ? 1 : divisor.decimals + 2);
  const states = Array.from({ length }, (_, state) => state);
  const next = states.map((state) => Int32Array.from({ length: digits + 10 }, (_, one) => after(divisor, state, one)));
  const ends = states.map((state) => isEnd(divisor, state));
  const machine = { id: nextMachineId(), classes, next, shortest: shortestToEnd(next, ends) };
  return { kind: 'machine', machine, state: begin };
}

/** Where a remainder stands: among the digits before the point (0), behind the point (1), behind a digit after it. */
function placeOf(divisor: Divisor, state: number): readonly [place: number, rest: number] {
  if (state === zero) return [0, 0];
  return [Math.floor((state - first) / divisor.digits), (state - first) % divisor.digits];
}

function after(divisor: Divisor, state: number, one: number): number {
  const at = (place: number, rest: number) => first + place * divisor.digits + (rest % divisor.digits);
  const digit = one - digits;
  const isBefore = state === begin || state === negative;
  if (one === minus) return state === begin ? negative : none;
  if (isBefore && digit > 0) return at(0, digit);
  // Of whole numbers, zero has no minus.
  if (isBefore) return digit === 0 && (state === begin || divisor.decimals > 0) ? zero : none;
  const [place, rest] = placeOf(divisor, state);
  if (one === point) return place === 0 && divisor.decimals > 0 ? at(1, rest) : none;
  if (digit < 0 || state === zero || place > divisor.decimals) return none;
  return at(place === 0 ? 0 : place + 1, rest * 10 + digit);
}

function isEnd(divisor: Divisor, state: number): boolean {
  if (state < zero) return false;
  const [place, rest] = placeOf(divisor, state);
  const left = divisor.decimals - Math.max(0, place - 1);
  return place !== 1 && (rest * 10 ** left) % divisor.digits === 0;
}
