import type { Run } from '../../ports/session.ts';

/** Runs, by their places, that can be joined to one: those whose inputs differ in no size but that of the batch. */
export function groupsOfShapes(runs: readonly Run[]): readonly (readonly number[])[] {
  const shapes = runs.map(({ inputs }) => inputs.map(({ shape }) => shape.slice(1)).join(';'));
  return [...Map.groupBy(shapes.keys(), (place) => shapes[place]).values()];
}
