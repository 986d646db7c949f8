import type { Split } from '../training/split.ts';

/** Rows that are kept for those who do rounds. */
export type RowsPart = keyof Pick<Split, 'train' | 'validation'>;

/** Stored last of what rounds begin with: where it is, all is. */
export const planFile = 'plan.json';
/** The model that is trained, with the weights that stay. */
export const modelFile = 'model.onnx';

const digits = 6;

/** What a round begins with: a checkpoint. That of the first is of number 0. */
export function roundFile(round: number): string {
  return `${roundsFolder}${String(round).padStart(digits, '0')}.checkpoint`;
}

/** Those of all rounds, in order. */
export const roundsFolder = 'rounds/';

/** Where a worker has come to in a round. */
export function resultFile(round: number, shard: number): string {
  return `results/${String(round).padStart(digits, '0')}/${shard}`;
}

/** Files with rows of a part. */
export function rowsFolder(part: RowsPart): string {
  return `rows/${part}/`;
}
