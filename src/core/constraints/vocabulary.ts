import type { Steps } from '../pace/steps.ts';

/**
 * The tokens of a vocabulary as a tree of their bytes, laid out depth first, so that a part of it that cannot be is
 * left in one step.
 */
export interface Vocabulary {
  /** Words of 32 bits that a mask of all tokens has. */
  readonly words: number;
  /** Bytes of the longest token. */
  readonly longest: number;
  readonly tokenBytes: readonly (Uint8Array | undefined)[];
  /** Tokens in the order of their bytes. */
  readonly tokens: Int32Array;
  /**
   * For each node: its byte, how many bytes lead to it, the node behind all that begin with it, and where its tokens
   * begin in `tokens`.
   */
  readonly byte: Uint8Array;
  readonly depth: Uint16Array;
  readonly end: Int32Array;
  readonly first: Int32Array;
}

/** Tokens that are looked at without a pause. */
const tokensInStep = 1_000;

/**
 * @param tokenBytes the bytes of each token; undefined: it is never part of a text
 * @param most a number that no token is above
 */
export function* plantVocabulary(tokenBytes: readonly (Uint8Array | undefined)[], most: number): Steps<Vocabulary> {
  const sorted = yield* inByteOrder(tokenBytes);
  let [total, longest] = [0, 0];
  for (const token of sorted) {
    const { length } = tokenBytes[token] as Uint8Array;
    total += length;
    longest = Math.max(longest, length);
  }
  const [byte, depth, end] = [new Uint8Array(total), new Uint16Array(total), new Int32Array(total)];
  const first = new Int32Array(total + 1);
  const open: number[] = [];
  let nodes = 0;
  let before: Uint8Array | undefined;
  for (const [place, token] of sorted.entries()) {
    if (place % tokensInStep === 0) yield;
    const bytes = tokenBytes[token] as Uint8Array;
    let shared = 0;
    while (before !== undefined && shared < before.length && before[shared] === bytes[shared]) shared += 1;
    while (open.length > shared) end[open.pop() as number] = nodes;
    for (let at = shared; at < bytes.length; at += 1) {
      byte[nodes] = bytes[at] as number;
      depth[nodes] = at;
      // Tokens of a node that is only passed through: none, so they begin where those of the next node do.
      first[nodes] = place;
      open.push(nodes);
      nodes += 1;
    }
    before = bytes;
  }
  for (const node of open) end[node] = nodes;
  first.fill(sorted.length, nodes);
  return {
    words: Math.ceil((Math.max(tokenBytes.length - 1, most) + 1) / 32),
    longest,
    tokenBytes,
    tokens: Int32Array.from(sorted),
    byte: byte.subarray(0, nodes),
    depth: depth.subarray(0, nodes),
    end: end.subarray(0, nodes),
    first: first.subarray(0, nodes + 1),
  };
}

function* inByteOrder(tokenBytes: readonly (Uint8Array | undefined)[]): Steps<readonly number[]> {
  // By their first two bytes, so that no sort takes long.
  const alike = new Map<number, { readonly key: string; readonly token: number }[]>();
  for (const [token, bytes] of tokenBytes.entries()) {
    if (token % tokensInStep === 0) yield;
    if (bytes === undefined || bytes.length === 0) continue;
    const begin = (bytes[0] as number) * 257 + (bytes[1] ?? -1) + 1;
    const others = alike.get(begin) ?? [];
    alike.set(begin, others);
    // Strings of a character for each byte compare in the order of the bytes, several times as fast as arrays do.
    others.push({ key: String.fromCharCode(...bytes), token });
  }
  const sorted: number[] = [];
  for (const [, tokens] of [...alike].sort(([a], [b]) => a - b)) {
    yield;
    tokens.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { token } of tokens) sorted.push(token);
  }
  return sorted;
}
