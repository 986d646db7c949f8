import { closeSync, openSync, writeSync } from 'node:fs';

const linesAtOnce = 1000;

/** Writes a file of `count` lines, under a `header` if there is one. Returns its path. */
export function writeLines(path: string, count: number, line: (index: number) => string, header?: string): string {
  const file = openSync(path, 'w');
  if (header !== undefined) writeSync(file, `${header}\n`);
  for (let from = 0; from < count; from += linesAtOnce) {
    const length = Math.min(linesAtOnce, count - from);
    writeSync(file, Array.from({ length }, (_, index) => `${line(from + index)}\n`).join(''));
  }
  closeSync(file);
  return path;
}
