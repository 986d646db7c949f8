/**
 * What a file is by how it begins, for messages: one of `kinds`, `nothing` where it is empty, else `something else`.
 */
export function kindOfFile(bytes: Uint8Array, kinds: Readonly<Record<string, RegExp>>): string {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const found = Object.keys(kinds).find((name) => kinds[name]?.test(head));
  return found ?? (bytes.length === 0 ? 'nothing' : 'something else');
}
