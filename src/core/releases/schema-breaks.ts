import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { shapeWords } from '../shape-words.ts';

/** What a model takes and gives. */
export interface Schema {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * Why callers of one version could not use another in its place; empty where they can: it takes all that the old one
 * took, asks for nothing more, and gives all that the old one gave, in shapes that the old one might have given.
 */
export function schemaBreaks(before: Schema, after: Schema): readonly string[] {
  const added = after.inputs.filter(({ name }) => !named(before.inputs, name));
  return [
    ...before.inputs.flatMap((old) => inputBreaks(old, named(after.inputs, old.name))),
    ...added.map(({ name }) => `input '${name}' is asked for, which callers do not send`),
    ...before.outputs.flatMap((old) => outputBreaks(old, named(after.outputs, old.name))),
  ];
}

function named(specs: readonly TensorSpec[], name: string): TensorSpec | undefined {
  return specs.find((spec) => spec.name === name);
}

function inputBreaks(old: TensorSpec, next: TensorSpec | undefined): readonly string[] {
  const place = `input '${old.name}'`;
  if (!next) return [`${place} is gone`];
  if (next.datatype !== old.datatype) return [`${place} is ${next.datatype}, it was ${old.datatype}`];
  return covers(next, old) ? [] : [`${place} takes ${shapeWords(next)}, it took ${shapeWords(old)}`];
}

function outputBreaks(old: TensorSpec, next: TensorSpec | undefined): readonly string[] {
  const place = `output '${old.name}'`;
  if (!next) return [`${place} is gone`];
  if (next.datatype !== old.datatype) return [`${place} is ${next.datatype}, it was ${old.datatype}`];
  return covers(old, next) ? [] : [`${place} gives ${shapeWords(next)}, it gave ${shapeWords(old)}`];
}

/** Whether every shape that `narrow` stands for is one that `wide` stands for. */
function covers(wide: TensorSpec, narrow: TensorSpec): boolean {
  if (wide.anyRank) return true;
  if (narrow.anyRank || wide.shape.length !== narrow.shape.length) return false;
  return wide.shape.every((size, axis) => size === -1 || size === narrow.shape[axis]);
}
