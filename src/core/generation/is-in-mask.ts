/** Whether a token may come, by the mask of a constraint; undefined: all may. */
export function isInMask(allowed: Uint32Array | undefined, token: number): boolean {
  return allowed === undefined || (((allowed[token >>> 5] ?? 0) >>> (token & 31)) & 1) === 1;
}
