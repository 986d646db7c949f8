/**
 * Throws where vectors of length 1 of ours and of a peer do not point the same way: what is not the same work is not
 * measured.
 */
export function checkSameVectors(ours: Float32Array, theirs: Float32Array, count: number): void {
  if (ours.length !== theirs.length) throw new Error(`${theirs.length} numbers from the peer, ${ours.length} from us`);
  const size = ours.length / count;
  for (let vector = 0; vector < count; vector += 1) {
    let cosine = 0;
    for (let at = vector * size; at < (vector + 1) * size; at += 1) cosine += (ours[at] ?? 0) * (theirs[at] ?? 0);
    if (cosine > 0.9999) continue;
    throw new Error(`vector ${vector} of the peer has a cosine of ${cosine.toFixed(5)} to ours`);
  }
}
