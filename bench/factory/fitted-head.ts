import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fitSoftmaxHead } from '../../src/core/factory/fit-softmax-head.ts';
import { pooledVector } from '../../src/core/factory/pooled-vector.ts';
import type { SoftmaxHead } from '../../src/core/factory/softmax-head.ts';
import type { Session } from '../../src/ports/session.ts';
import { rowsOf } from '../../src/protocol/rows-of.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import type { BankingTexts } from './banking-texts.ts';
import { textRun } from './text-run.ts';

const file = '.cache/bench/banking77-head.json';
const textsAtOnce = 16;

/**
 * A softmax head on the vectors that a model has for the texts, the classes in the order of `names`: what tells right
 * answers from wrong ones. Kept in .cache/, as it takes minutes.
 */
export async function fittedHead(
  session: Session,
  { ids, classes }: BankingTexts,
  names: readonly string[],
): Promise<SoftmaxHead> {
  if (!existsSync(file)) {
    console.error(`fitting a head to ${ids.length} texts …`);
    const labels = classes.map((name) => names.indexOf(name));
    const { weights, biases } = fitSoftmaxHead(await vectorsOf(session, ids), labels, names.length);
    writeFileSync(file, JSON.stringify({ weights: [...weights], biases: [...biases] }));
  }
  const { weights, biases } = JSON.parse(readFileSync(file, 'utf8')) as Record<'weights' | 'biases', number[]>;
  return {
    classes: names.length,
    columns: weights.length / names.length,
    weights: Float64Array.from(weights),
    biases: Float64Array.from(biases),
  };
}

/** Texts of one length share a run, in which FP32 answers each as alone. */
async function vectorsOf(session: Session, ids: readonly (readonly number[])[]): Promise<readonly Float64Array[]> {
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
