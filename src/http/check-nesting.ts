import { ServiceError } from '../protocol/service-error.ts';

/** More than JSON schemas have; what goes through them calls itself for each level. */
const mostLevels = 128;
const quote = 0x22;
const backslash = 0x5c;

/** Throws 413 where the arrays and objects of a JSON text lie within one another more than 128 levels deep. */
export function checkNesting(json: Uint8Array): void {
  let levels = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (byte === quote) at = endOfString(json, at + 1);
    // Figures, commas and space, of which there is the most, are below all brackets.
    if (byte < 0x5b) continue;
    if (byte === 0x5b || byte === 0x7b) levels += 1;
    else if (byte === 0x5d || byte === 0x7d) levels -= 1;
    if (levels > mostLevels)
      throw new ServiceError(413, `the JSON nests deeper than ${mostLevels} levels; send less of it`);
  }
}

/** Where a text that begins at `from` has its last quotation mark. */
function endOfString(json: Uint8Array, from: number): number {
  for (let end = json.indexOf(quote, from); end !== -1; end = json.indexOf(quote, end + 1)) {
    let before = end;
    while (json[before - 1] === backslash && before > from) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return json.length;
}
