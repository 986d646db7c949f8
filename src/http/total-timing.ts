/** The Server-Timing header of an answer: its stages, where it has any, and `totalMs` for all of it. */
export function totalTiming(stages: string | undefined, totalMs: number): string {
  const total = `total;dur=${totalMs.toFixed(3)}`;
  return stages === undefined ? total : `${stages}, ${total}`;
}
