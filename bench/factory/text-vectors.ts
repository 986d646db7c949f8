import { pooledVector } from '../../src/core/factory/pooled-vector.ts';
import type { Session } from '../../src/ports/session.ts';
import { rowsOf } from '../../src/protocol/rows-of.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { textRun } from './text-run.ts';

const textsAtOnce = 16;

/** What a model has for each text. Those of one length share a run, in which FP32 answers each as alone. */
export async function textVectors(
  session: Session,
  ids: readonly (readonly number[])[],
): Promise<readonly Float64Array[]> {
  const order = [...ids.keys()].sort((a, b) => (ids[a]?.length ?? 0) - (ids[b]?.length ?? 0));
  const vectors = new Array<Float64Array>(ids.length);
  for (let from = 0; from < order.length; ) {
    const length = ids[order[from] as number]?.length;
    const places = order.slice(from, from + textsAtOnce).filter((place) => ids[place]?.length === length);
    const [answer] = await session.run(textRun(places.map((place) => ids[place] as readonly number[])));
    for (const [row, place] of places.entries()) vectors[place] = pooledVector(rowsOf(answer as Tensor, row, row + 1));
    from += places.length;
  }
  return vectors;
}
