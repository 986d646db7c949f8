import { expect, test } from '@jest/globals';
import { boxWeights } from '../../../src/core/explain/box-weights.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

test.each([
  [
    { width: 7, height: 5 },
    { width: 256, height: 183 },
  ],
  [
    { width: 1000, height: 333 },
    { width: 171, height: 57 },
  ],
  [
    { width: 61, height: 61 },
    { width: 61, height: 61 },
  ],
])('a pixel has the weight of the first box that its middle is in: %j as %j', (picture, map) => {
  const random = seededRandom(3);
  const edges = (size: number) => {
    const found = Array.from({ length: 6 }, () => Math.round(random() * size * 1.2 - size * 0.1));
    return found.toSorted((one, other) => one - other);
  };
  const [across, down] = [edges(picture.width), edges(picture.height)];
  const boxes = down.slice(1).flatMap((ymax, row) =>
    across.slice(1).map((xmax, column) => ({
      xmin: across[column] as number,
      ymin: down[row] as number,
      xmax,
      ymax,
    })),
  );
  const weights = boxes.map(() => random() - 0.5);
  const one = (at: number) => {
    const x = (((at % map.width) + 0.5) / map.width) * picture.width;
    const y = ((Math.floor(at / map.width) + 0.5) / map.height) * picture.height;
    const place = boxes.findIndex((box) => x >= box.xmin && x < box.xmax && y >= box.ymin && y < box.ymax);
    return weights[place] ?? 0;
  };
  const wanted = Float64Array.from({ length: map.width * map.height }, (_item, at) => one(at));
  expect(wanted.filter((weight) => weight !== 0).length).toBeGreaterThan(0);
  expect(boxWeights(map, picture, boxes, weights)).toEqual(wanted);
});
