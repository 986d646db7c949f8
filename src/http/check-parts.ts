import { ServiceError } from '../protocol/service-error.ts';

/** What a route takes has two fields, or four. */
const mostParts = 16;
const mostHeadBytes = 16 * 1024;
const dash = 0x2d;

/**
 * Throws ServiceError 400 for a form of more than 16 parts, or with a head of more than 16 kB. All parts are read in one
 * turn, each into objects of its own, before anyone learns their names: 5 MB of empty ones hold the event loop for a
 * second.
 */
export function checkParts({ buffer, byteOffset, length }: Uint8Array, boundary: string): void {
  const bytes = Buffer.from(buffer, byteOffset, length);
  const delimiter = `--${boundary}`;
  let at = bytes.indexOf(delimiter);
  for (let parts = 1; at !== -1; parts += 1) {
    const head = bytes.subarray(at + delimiter.length, at + delimiter.length + mostHeadBytes);
    if (head[0] === dash && head[1] === dash) return;
    if (parts > mostParts) throw new ServiceError(400, `a form has ${mostParts} parts at most, got more`);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1)
      throw new ServiceError(
        400,
        `the form cannot be read: expected the head of part ${parts} to end, with an empty line, within ${mostHeadBytes} bytes`,
      );
    at = bytes.indexOf(delimiter, at + delimiter.length + end);
  }
}
