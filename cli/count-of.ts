import { grouped } from './grouped.ts';

/** How many there are of a thing: `1 sample`, `1,000 samples`. */
export function countOf(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;
}
