import type { Run } from '../../ports/session.ts';

/** Runs, by their places, that can be joined to one: those whose inputs differ in no size but that of the batch. */
export function groupsOfShapes(runs: readonly Run[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [place, { inputs }] of runs.entries()) {
    const key = inputs.map(({ shape }) => shape.slice(1)).join(';');
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(place);
  }
  return [...groups.values()];
}
