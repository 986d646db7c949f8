import type { StoredOutput } from '../ports/stored-answer.ts';

// Of an output's largest number. Another order of sums differs by a millionth; weights in a wrong layout by about all
// of it.
const tolerance = 1e-3;

/**
 * What is wrong with outputs that ought to be those that were stored; undefined where nothing is. Numbers with a
 * fraction may differ a little.
 */
export function compareOutputs(expected: readonly StoredOutput[], actual: readonly StoredOutput[]): string | undefined {
  for (const output of expected) {
    const found = actual.find(({ name }) => name === output.name);
    if (!found) return `it has no output '${output.name}'`;
    if (String(found.shape) !== String(output.shape))
      return `output '${output.name}' has the shape [${found.shape}], expected [${output.shape}]`;
    const place = firstDifference(output.elements, found.elements);
    if (place !== undefined)
      return `output '${output.name}' has ${found.elements[place]}, expected ${output.elements[place]}`;
  }
  return actual.length === expected.length ? undefined : `it has ${actual.length} outputs, expected ${expected.length}`;
}

function firstDifference(expected: StoredOutput['elements'], actual: StoredOutput['elements']): number | undefined {
  if (actual.length !== expected.length) return Math.min(actual.length, expected.length);
  const numbers = expected.filter((element) => typeof element === 'number');
  const margin = numbers.every(Number.isInteger)
    ? 0
    : tolerance * numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const place = expected.findIndex((element, index) => {
    const found = actual[index];
    if (typeof element !== 'number' || typeof found !== 'number') return element !== found;
    return Math.abs(element - found) > margin;
  });
  return place < 0 ? undefined : place;
}
