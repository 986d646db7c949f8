import type { Making } from '../../ports/making.ts';
import { hexDigest } from '../hex-digest.ts';
import type { Recipe } from './recipe.ts';

/** What is the same of two trainings that come to the same bytes. */
export interface SameTraining {
  readonly recipe: Recipe;
  readonly made: Pick<Making, 'source' | 'data' | 'passes'>;
  readonly target: string | undefined;
  readonly columns: readonly string[] | undefined;
  readonly workers: number | undefined;
}

/** What a training is called by: a digest of each part of it, so that another one can be told by what differs. */
export function trainingId({ recipe, made: { source, data, passes }, target, columns, workers }: SameTraining): string {
  // A new network is made of the data alone.
  const isNew = data?.some(({ sha256 }) => sha256 === source.sha256);
  const parts = {
    'the data': data,
    'the model': isNew ? passes : [source, passes],
    '--target': target,
    '--columns': columns,
    '--workers': workers,
    ...Object.fromEntries(Object.entries(recipe).map(([name, value]) => [`'${name}' of the recipe`, value])),
  };
  return JSON.stringify(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, digest(part)])));
}

function digest(part: unknown): string {
  return hexDigest(JSON.stringify(part) ?? '').slice(0, 16);
}
