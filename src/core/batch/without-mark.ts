import type { Line } from './split-lines.ts';

/** A line without the byte-order mark that a file may begin with; elsewhere it is a character like any other. */
export function withoutMark(line: Line): Line {
  const [first, second, third] = line.text;
  const isMarked = line.offset === 0 && first === 0xef && second === 0xbb && third === 0xbf;
  return isMarked ? { ...line, text: line.text.subarray(3) } : line;
}
