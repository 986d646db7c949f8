import { stripVTControlCharacters } from 'node:util';

// Fixed, so that each line can be printed when it is measured; longer cells go on in the next line.
const widths = [31, 33, 9, 33, 7] as const;

/** Prints the cells of one row of the table, aligned with those of all others. */
export function printCells(...cells: readonly string[]): void {
  const columns = cells.map((cell, column) => wrap(cell, widths[column] ?? 0));
  const height = Math.max(...columns.map((lines) => lines.length));
  for (let line = 0; line < height; line += 1) {
    const parts = columns.map((lines, column) => pad(lines[line] ?? '', widths[column] ?? 0));
    console.log(parts.join('  ').trimEnd());
  }
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (visible(last) + 1 + visible(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visible(text)));
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}
