import { look } from './look.ts';

// Looks, not time: a process that the system holds up for a while sees nothing come.
const looks = 10;

/**
 * Resolves once `count` has stayed as it is for ten looks, one each `lookMs`, or after a look at whose end `isEnough`.
 */
export async function untilQuiet(count: () => number, lookMs: number, isEnough: () => boolean): Promise<void> {
  for (let quiet = 0; quiet < looks && !isEnough(); ) {
    const before = count();
    await look(lookMs);
    quiet = count() > before ? 0 : quiet + 1;
  }
}
