import type { Share } from './share.ts';
import { wilson } from './wilson.ts';

/** A share with the lower bound of its interval of 95 %. Of none, nothing is known: its bound is 0. */
export function shareOf(part: number, of: number): Share {
  return { part, of, share: of === 0 ? 0 : part / of, atLeast: wilson(part, of).low };
}
