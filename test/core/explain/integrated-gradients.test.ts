import { expect, test } from '@jest/globals';
import { integratedGradients, type Walk } from '../../../src/core/explain/integrated-gradients.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

/** A layer of Relus with an output, on the way from zeros to ones: slopes change at once in hundreds of places. */
function bentPath(units: number, elements: number) {
  const random = seededRandom(5);
  const layer = Array.from({ length: units }, () => ({
    weights: Array.from({ length: elements }, () => random() - 0.5),
    bias: (random() - 0.5) * 0.5,
    out: random() - 0.5,
  }));
  let walked = 0;
  const walk: Walk = async function* (points) {
    for (const point of points) {
      walked += 1;
      let score = 0;
      const gradients = new Float32Array(elements);
      for (const { weights, bias, out } of layer) {
        const sum = bias + point * weights.reduce((all, each) => all + each, 0);
        if (sum <= 0) continue;
        score += out * sum;
        for (const [at, weight] of weights.entries()) gradients[at] = (gradients[at] as number) + out * weight;
      }
      yield { scores: [score], gradients };
    }
  };
  return { walk, way: new Float32Array(elements).fill(1), walked: () => walked };
}

test('weights add up on a path that bends at once in many places, within the number of points', async () => {
  const { walk, way, walked } = bentPath(400, 8);
  const most = 4094;
  const found = await integratedGradients(walk, { way, steps: undefined, most });
  expect(found.completeness.gap).toBeLessThan(1e-4);
  expect(walked()).toBeLessThanOrEqual(most);
  // Element by element as many points as it takes have it.
  const exact = await integratedGradients(bentPath(400, 8).walk, { way, steps: 1000, most });
  const largest = Math.max(...exact.weights.map(Math.abs));
  for (const [at, weight] of found.weights.entries())
    expect(Math.abs(weight - (exact.weights[at] as number))).toBeLessThan(largest * 5e-3);
  // So it is not by points that were there before, nor by four times as many.
  for (const steps of [100, 400]) {
    const plain = await integratedGradients(bentPath(400, 8).walk, { way, steps, most });
    expect(plain.completeness.gap).toBeGreaterThan(1e-4);
  }
});

test.each([27, 77, 177, 300, 500])('at most %d points are walked, if weights do not add up by then', async (most) => {
  const { walk, way, walked } = bentPath(400, 8);
  const { weights, completeness } = await integratedGradients(walk, { way, steps: undefined, most });
  expect(walked()).toBeLessThanOrEqual(most);
  expect(weights.reduce((sum, each) => sum + each, 0)).toBeCloseTo(completeness.sum, 9);
});

test.each([
  [27, 25],
  [60, 58],
  [100, 73],
  [177, 100],
  [300, 223],
])('of %d points that may be walked, the last try has what is left, %d', async (most, steps) => {
  const { walk, way, walked } = bentPath(400, 8);
  const found = await integratedGradients(walk, { way, steps: undefined, most });
  expect(walked()).toBe(most);
  expect(found.completeness.gap).toBeGreaterThan(1e-4);
  // The nearest try is what is answered.
  expect([25, 50, 100, steps]).toContain(found.steps);
  const plain = await integratedGradients(bentPath(400, 8).walk, { way, steps, most });
  expect(found.completeness.gap).toBeLessThanOrEqual(plain.completeness.gap);
});

test('where nothing changes nothing is sought', async () => {
  let walked = 0;
  const walk: Walk = async function* (points) {
    walked += points.length;
    yield { scores: points.map(() => 3), gradients: new Float32Array(points.length) };
  };
  const { completeness } = await integratedGradients(walk, { way: [1], steps: undefined, most: 4094 });
  expect([completeness.gap, walked]).toEqual([0, 27]);
});

test('weights add up where both ends have the same score, which says nothing of how near they are', async () => {
  // clip(a) − clip(b), from 0 to 1 each: a bends at ⅓ and ⅔ of the way, b elsewhere.
  const [from, way] = [
    [-1, -0.77],
    [3, 3.77],
  ] as const;
  const walk: Walk = async function* (points) {
    for (const point of points) {
      const [a, b] = from.map((start, at) => start + point * (way[at] as number)) as [number, number];
      const clipped = (value: number) => Math.min(1, Math.max(0, value));
      const slope = (value: number) => (value >= 0 && value <= 1 ? 1 : 0);
      yield { scores: [clipped(a) - clipped(b)], gradients: Float32Array.of(slope(a), -slope(b)) };
    }
  };
  const { weights, completeness, value, baselineValue } = await integratedGradients(walk, {
    way,
    steps: undefined,
    most: 4094,
  });
  expect([value, baselineValue]).toEqual([0, 0]);
  expect(weights[0]).toBeCloseTo(1, 3);
  expect(weights[1]).toBeCloseTo(-1, 3);
  expect(completeness.gap).toBeCloseTo(Math.abs(completeness.sum) / 2, 6);
  expect(completeness.gap).toBeLessThan(1e-4);
});

test('a score that jumps, of which no slope says anything, is sought no further than points have digits', async () => {
  let walked = 0;
  const most = 20_000;
  const walk: Walk = async function* (points) {
    walked += points.length;
    if (walked > most) throw new Error('more points than there may be');
    yield { scores: points.map((at) => (at > 0.3 ? 1 : 0)), gradients: new Float32Array(points.length) };
  };
  const { completeness } = await integratedGradients(walk, { way: [1], steps: undefined, most });
  expect(completeness).toMatchObject({ sum: 0, expected: 1, gap: 1 });
  expect(walked).toBeLessThan(2000);
});
