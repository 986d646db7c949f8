import type { Run } from '../../ports/session.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { commonRows } from '../common-rows.ts';
import { trialInputs } from '../trial-inputs.ts';

const mostRows = 8;
const randomRows = 4;

/**
 * Runs that can be joined to one: of the samples those of the most common shapes, up to eight rows; where no two are
 * alike, rows of random values in the shapes of the first. Empty where the model has no batches.
 */
export function batchPieces(specs: readonly TensorSpec[], runs: readonly [Run, ...Run[]]): readonly Run[] {
  if (specs.length === 0 || specs.some(({ shape, anyRank }) => anyRank || shape[0] !== -1)) return [];
  const filled = runs.filter(({ inputs }) => commonRows(inputs) > 0);
  const groups = Map.groupBy(filled, ({ inputs }) => inputs.map(({ shape }) => shape.slice(1)).join(' '));
  const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  if (largest.length < 2) return randomPieces(specs, runs[0]);
  let rows = 0;
  return largest.filter((run, place) => {
    rows += commonRows(run.inputs);
    return place < 2 || rows <= mostRows;
  });
}

function randomPieces(specs: readonly TensorSpec[], { inputs, inputNames, outputNames }: Run): readonly Run[] {
  const shapes = specs.map(({ name }) => [randomRows, ...(inputs[inputNames.indexOf(name)]?.shape.slice(1) ?? [])]);
  const batch = trialInputs(specs, shapes, 'random');
  return Array.from({ length: randomRows }, (_row, row) => ({
    inputNames: specs.map(({ name }) => name),
    inputs: batch.map((tensor) => rowsOf(tensor, row, row + 1)),
    outputNames,
  }));
}
