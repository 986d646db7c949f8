/** How memory went, by measurements at even intervals. */
export interface MemorySlope {
  /** Growth from the first measurement to the last, by the line that fits best, in MB. */
  readonly grown: number;
  /** How much the line may be off by chance, in MB; the truth is within twice as much, mostly. */
  readonly noise: number;
}

/** Measurements of which the lowest counts: garbage that was not collected yet is no growth. */
const perWindow = 5;

/** The straight line through the lowest of each few measurements, in MB. */
export function memorySlope(measured: readonly number[]): MemorySlope {
  const lows: number[] = [];
  for (let start = 0; start + perWindow <= measured.length; start += perWindow) {
    lows.push(Math.min(...measured.slice(start, start + perWindow)));
  }
  const count = lows.length;
  if (count < 3) throw new Error(`expected ${3 * perWindow} measurements at least, got ${measured.length}`);
  const [middleX, middleY] = [(count - 1) / 2, lows.reduce((sum, low) => sum + low, 0) / count];
  const spread = lows.reduce((sum, _low, x) => sum + (x - middleX) ** 2, 0);
  const slope = lows.reduce((sum, low, x) => sum + (x - middleX) * (low - middleY), 0) / spread;
  const rest = lows.reduce((sum, low, x) => sum + (low - middleY - slope * (x - middleX)) ** 2, 0);
  const span = count - 1;
  return { grown: slope * span, noise: Math.sqrt(rest / (count - 2) / spread) * span };
}
