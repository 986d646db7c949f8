const nineDigits = 1e9;

/** Writes a whole number from 0 to 2^53 in decimal; returns where it ends. */
export function writeWhole(value: number, bytes: Uint8Array, at: number): number {
  if (value < nineDigits) return writeShort(value, bytes, at);
  const high = Math.floor(value / nineDigits);
  const start = writeWhole(high, bytes, at);
  let low = (value - high * nineDigits) | 0;
  for (let place = start + 8; place >= start; place -= 1) {
    const rest = (low / 10) | 0;
    bytes[place] = 0x30 + low - rest * 10;
    low = rest;
  }
  return start + 9;
}

function writeShort(value: number, bytes: Uint8Array, at: number): number {
  let rest = value | 0;
  if (rest < 10) {
    bytes[at] = 0x30 + rest;
    return at + 1;
  }
  let end = at + 1;
  for (let power = 10; power <= rest && end < at + 9; power *= 10) end += 1;
  for (let place = end - 1; place >= at; place -= 1) {
    const next = (rest / 10) | 0;
    bytes[place] = 0x30 + rest - next * 10;
    rest = next;
  }
  return end;
}
