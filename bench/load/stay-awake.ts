/** Keeps the event loop looking for what came, without sleep, until `end` of performance.now(). */
export function stayAwake(end: number): void {
  if (performance.now() < end) setImmediate(() => stayAwake(end));
}
