import { look } from './look.ts';

// Looks, not time: a process that the system holds up for a while sees nothing come.
const looks = 10;

/** Resolves once `count` has stayed as it is for ten looks, one each `lookMs`, or after `mostMs`. */
export async function untilQuiet(count: () => number, lookMs: number, mostMs: number): Promise<void> {
  const started = performance.now();
  for (let quiet = 0; quiet < looks && performance.now() - started < mostMs; ) {
    const before = count();
    await look(lookMs);
    quiet = count() > before ? 0 : quiet + 1;
  }
}
