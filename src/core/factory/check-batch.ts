import type { Run, Session } from '../../ports/session.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { commonRows } from '../common-rows.ts';
import { isFraction } from '../is-fraction.ts';
import { compareTensors, type TensorDifference } from '../releases/compare-tensors.ts';
import type { Finding } from './finding.ts';

/** How far an answer in a batch is from the same alone, at the output where that is farthest. */
interface Leak {
  readonly output: string;
  readonly found: TensorDifference;
}

/**
 * That answers depend on what else is in their batch, by more than `allowed` and by more than those of the source do,
 * if so.
 *
 * @param pieces runs that can be joined
 */
export async function checkBatch(
  session: Session,
  source: Session | undefined,
  pieces: readonly Run[],
  allowed: number,
): Promise<Finding | undefined> {
  const leak = await leakOf(session, pieces);
  if (leak === undefined) return undefined;
  const where = `a batch of ${pieces.length}`;
  if (leak instanceof Error) {
    if (source && (await leakOf(source, pieces)) instanceof Error) return undefined;
    return { name: 'batch-leak', words: `rows that are answered alone are not in one batch: ${leak.message}`, where };
  }
  const { relative, actual, expected, place } = leak.found;
  if (relative <= allowed) return undefined;
  const before = source && (await leakOf(source, pieces));
  if (before && !(before instanceof Error) && relative <= before.found.relative) return undefined;
  const words = `output '${leak.output}' [${place}] is ${actual} in a batch and ${expected} alone, off by ${Number(relative.toPrecision(3))} of ${Number(allowed.toPrecision(3))} allowed`;
  return { name: 'batch-leak', words, where };
}

async function leakOf(session: Session, pieces: readonly Run[]): Promise<Leak | Error | undefined> {
  const [first] = pieces as readonly [Run];
  const joined = first.inputs.map((_input, index) => joinRows(pieces.map((run) => run.inputs[index]) as [Tensor]));
  try {
    const together = await session.run({ ...first, inputs: joined });
    let worst: Leak | undefined;
    let from = 0;
    for (const piece of pieces) {
      const rows = commonRows(piece.inputs);
      const alone = await session.run(piece);
      for (const [index, output] of first.outputNames.entries()) {
        const [all, own] = [together[index] as Tensor, alone[index] as Tensor];
        const share = rowsOf(all, from, from + rows);
        if (String(share.shape) !== String(own.shape) || all.shape[0] !== commonRows(joined)) {
          return new Error(`output '${output}' has the shape [${all.shape}] in a batch and [${own.shape}] alone`);
        }
        const found = compareTensors(share, own);
        // Where there are fractions, they show a leak that matters before a class does.
        if (!isFraction(own.datatype) && together.some(({ datatype }) => isFraction(datatype))) continue;
        if (!worst || found.relative > worst.found.relative) worst = { output, found };
      }
      from += rows;
    }
    return worst;
  } catch (error) {
    return error as Error;
  }
}
