import { describe, expect, test } from '@jest/globals';
import { allOf } from '../../../src/core/explain/all-of.ts';
import { weighedCoalitions } from '../../../src/core/explain/coalitions.ts';
import { exactShapley } from '../../../src/core/explain/exact-shapley.ts';
import type { Game } from '../../../src/core/explain/game.ts';
import { gaussLegendre } from '../../../src/core/explain/gauss-legendre.ts';
import { kernelShap } from '../../../src/core/explain/kernel-shap.ts';
import { type AskNumbers, lime, limeOfNumbers } from '../../../src/core/explain/lime.ts';
import { NormalEquations } from '../../../src/core/explain/normal-equations.ts';
import { occlusion } from '../../../src/core/explain/occlusion.ts';
import type { Coalition } from '../../../src/core/explain/players.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

/** Nobody waits for a turn. */
const pause = async () => undefined;

/** A game that is no sum: products of players, and a threshold. */
function game(players: number, asked: Coalition[] = []): Game {
  const random = seededRandom(players);
  const own = Array.from({ length: players }, () => 2 * random() - 1);
  const pairs = own.map(() => 2 * random() - 1);
  const worth = (present: Coalition) => {
    const has = (at: number) => present[at % players] as number;
    const sum = own.reduce((all, each, at) => all + each * has(at) + (pairs[at] as number) * has(at) * has(at + 1), 3);
    return Math.tanh(sum) + (has(0) * has(2) === 1 ? 1 : 0);
  };
  return {
    players,
    whole: worth(new Uint8Array(players).fill(1)),
    nothing: worth(new Uint8Array(players)),
    worth: async function* (coalitions) {
      asked.push(...coalitions);
      yield* coalitions.map(worth);
    },
    pause,
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

/** Shapley values as the mean of what players add over all orders. */
async function byOrders({ players, worth: ask }: Game): Promise<readonly number[]> {
  const weights = new Array<number>(players).fill(0);
  const worth = async (present: Coalition) => (await allOf(ask([present])))[0] as number;
  const orders = (rest: readonly number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((one) => orders(rest.filter((each) => each !== one)).map((more) => [one, ...more]));
  const all = orders(Array.from({ length: players }, (_item, at) => at));
  for (const order of all) {
    const present = new Uint8Array(players);
    let before = await worth(present);
    for (const player of order) {
      present[player] = 1;
      const after = await worth(present);
      weights[player] = (weights[player] as number) + (after - before) / all.length;
      before = after;
    }
  }
  return weights;
}

describe('Shapley values', () => {
  test('are the mean of what a player adds in all orders', async () => {
    const four = game(4);
    const expected = await byOrders(four);
    const { weights } = await exactShapley(four);
    for (const [at, weight] of weights.entries()) expect(weight).toBeCloseTo(expected[at] as number, 12);
  });

  test('by KernelSHAP with all coalitions of 8 features are exact, and add up', async () => {
    const asked: Coalition[] = [];
    const eight = game(8, asked);
    const exact = await exactShapley(eight);
    asked.length = 0;
    const { weights, ...more } = await kernelShap(eight, 1000, seededRandom(1));
    expect([asked.length, new Set(asked.map(String)).size]).toEqual([254, 254]);
    for (const [at, weight] of weights.entries()) expect(weight).toBeCloseTo(exact.weights[at] as number, 9);
    expect(sum(weights)).toBeCloseTo(eight.whole - eight.nothing, 12);
    // Nothing was drawn, and how near sums of them come does not say how good they are.
    expect(more).toEqual({});
  });

  test('by KernelSHAP with some coalitions come near, and add up all the same', async () => {
    const twelve = game(12);
    const { weights: exact } = await exactShapley(twelve);
    const { weights, samples, fit } = await kernelShap(twelve, 2000, seededRandom(1));
    const again = await kernelShap(twelve, 2000, seededRandom(1));
    const other = await kernelShap(twelve, 2000, seededRandom(2));
    expect(samples).toBeLessThanOrEqual(2000);
    expect(fit?.error).toBeGreaterThan(0.05);
    expect(again.weights).toEqual(weights);
    expect(other.weights).not.toEqual(weights);
    expect(sum(weights)).toBeCloseTo(twelve.whole - twelve.nothing, 12);
    expect(Math.max(...weights.map((weight, at) => Math.abs(weight - (exact[at] as number))))).toBeLessThan(0.03);
  });

  test('of one player are all there is', async () => {
    const one: Game = { players: 1, whole: 3, nothing: 1, worth: async function* () {}, pause };
    expect((await kernelShap(one, 10, seededRandom(1))).weights).toEqual([2]);
    expect((await exactShapley(one)).weights).toEqual([2]);
  });
});

describe('coalitions', () => {
  test.each([5, 6])('are all there are of %d players, each size with its part of the kernel', async (players) => {
    const all = await weighedCoalitions(players, 100, seededRandom(1), pause);
    expect(new Set(all.map(({ present }) => String(present))).size).toBe(2 ** players - 2);
    const sizes = Map.groupBy(all, ({ present }) => sum([...present]));
    for (const [size, some] of sizes)
      expect(sum(some.map(({ weight }) => weight))).toBeCloseTo((players - 1) / (size * (players - size)), 12);
  });

  test('that are drawn are of each size as many, and none twice', async () => {
    const some = await weighedCoalitions(20, 200, seededRandom(1), pause);
    expect(new Set(some.map(({ present }) => String(present))).size).toBe(200);
    const sizes = Map.groupBy(some, ({ present }) => Math.min(sum([...present]), 20 - sum([...present])));
    expect(sizes.get(1)).toHaveLength(40);
    // 80 pairs, of 2 to 9 as many, and of half of all half as many: 9.4 and 4.7.
    for (const [size, found] of sizes) {
      if (size === 1) continue;
      const pairs = found.length / 2;
      expect([Math.floor(size === 10 ? 4.7 : 9.4), Math.ceil(size === 10 ? 4.7 : 9.4)]).toContain(pairs);
      const kernel = (19 / (size * (20 - size))) * (size === 10 ? 1 : 2);
      expect(sum(found.map(({ weight }) => weight))).toBeCloseTo(kernel, 12);
    }
    const few = await weighedCoalitions(64, 130, seededRandom(1), pause);
    expect(few).toHaveLength(130);
  });

  test('that are drawn have their complements, and the weight of what is not asked', async () => {
    const some = await weighedCoalitions(20, 100, seededRandom(1), pause);
    const keys = new Map(some.map(({ present, weight }) => [String(present), weight]));
    expect(some.length).toBeLessThanOrEqual(100);
    for (const { present, weight } of some)
      expect(keys.get(String(present.map((each) => 1 - each)))).toBeCloseTo(weight, 12);
    const whole = Array.from({ length: 19 }, (_item, at) => 19 / ((at + 1) * (19 - at)));
    expect(sum(some.map(({ weight }) => weight))).toBeCloseTo(sum(whole), 9);
  });
});

describe('LIME', () => {
  const numbers = { values: [1, 2], means: [0, 5], deviations: [2, 10] };
  const linear: Game = {
    players: 5,
    whole: 15,
    nothing: 0,
    worth: async function* (coalitions) {
      yield* coalitions.map((present) => sum([...present].map((each, at) => each * (at + 1))));
    },
    pause,
  };

  test('finds the weights of a sum, the less the ridge counts', async () => {
    const { weights, fit, samples } = await lime(linear, 4000, seededRandom(1));
    for (const [at, weight] of weights.entries()) expect(weight).toBeCloseTo(at + 1, 1);
    expect(samples).toBe(4000);
    expect(fit?.r2).toBeGreaterThan(0.999);
  });

  const scoresOfLine: AskNumbers = async function* (rows) {
    for (const row of rows) yield [row, 3 * (row[0] ?? 0) - 0.5 * (row[1] ?? 0) + 7];
  };

  test('of numbers finds the slopes of a line by deviations', async () => {
    const { weights, fit, samples } = await limeOfNumbers(numbers, scoresOfLine, 4000, 1, pause);
    expect(samples).toBe(4000);
    expect(weights[0]).toBeCloseTo(6, 1);
    expect(weights[1]).toBeCloseTo(-5, 1);
    expect(fit?.r2).toBeGreaterThan(0.999);
  });
});

test('occlusion is what the whole loses', async () => {
  const three: Game = {
    players: 3,
    whole: 10,
    nothing: 0,
    worth: async function* (some) {
      yield* some.map((each) => 4 * (each[1] as number));
    },
    pause,
  };
  expect((await occlusion(three)).weights).toEqual([6, 10, 6]);
});

test('least squares are weighted, and the ridge leaves alone what is free', async () => {
  const rows = [
    { x: [1, 1], y: 3, weight: 1 },
    { x: [2, 1], y: 5, weight: 1 },
    { x: [3, 1], y: 100, weight: 0 },
  ];
  const solved = (...more: [ridge?: number, isFree?: (unknown: number) => boolean]) => {
    const equations = new NormalEquations(2);
    for (const row of rows) equations.add(row);
    return equations.solve(pause, ...more);
  };
  const [slope, intercept] = await solved();
  expect(slope).toBeCloseTo(2, 6);
  expect(intercept).toBeCloseTo(1, 6);
  // By hand: the slope is Σ(x − x̄)(y − ȳ) / (Σ(x − x̄)² + ridge).
  const [less, more] = await solved(0.5, (unknown) => unknown === 1);
  expect(less).toBeCloseTo(1, 6);
  expect(more).toBeCloseTo(2.5, 6);
});

describe('long work', () => {
  /** Of 12 players, and what is done with it: how often others may have had their turn, and what was answered. */
  const workOf = (method: string, most = Number.POSITIVE_INFINITY) => {
    const seen = { pauses: 0, answers: 0 };
    const twelve = game(12);
    const left: Game = {
      ...twelve,
      worth: async function* (coalitions) {
        for await (const worth of twelve.worth(coalitions)) {
          seen.answers += 1;
          yield worth;
        }
      },
      pause: async () => {
        seen.pauses += 1;
        if (seen.pauses > most) throw new Error('the caller left');
      },
    };
    const numbers = { values: new Array(12).fill(1), means: new Array(12).fill(0), deviations: new Array(12).fill(1) };
    const asked: AskNumbers = async function* (rows) {
      for (const row of rows) {
        seen.answers += 1;
        yield [row, sum(row)];
      }
    };
    const work = {
      'kernel-shap': () => kernelShap(left, 1000, seededRandom(1)),
      lime: () => lime(left, 1000, seededRandom(1)),
      'lime of numbers': () => limeOfNumbers(numbers, asked, 1000, 1, left.pause),
      shapley: () => exactShapley(left),
    }[method];
    return { seen, work: work as () => Promise<unknown> };
  };

  test.each([
    // Coalitions are drawn, half of them with their complements; rows come, equations of 11 are solved, and the fit is
    // looked at.
    ['kernel-shap', 500 + 1000 + 11 + 1000],
    // Drawn, and looked through for those that are the same.
    ['lime', 999 + 999 + 1000 + 13 + 1000],
    ['lime of numbers', 1000 + 13 + 1000],
    ['shapley', 4094 + 4096],
  ])('of %s is cut into small pieces, and ends with its request in each', async (method, pieces) => {
    const { seen, work } = workOf(method);
    await work();
    expect(seen.pauses).toBe(pieces);
    for (let most = 0; most < pieces; most += 397) {
      const cut = workOf(method, most);
      await expect(cut.work()).rejects.toThrow('the caller left');
      expect(cut.seen.pauses).toBe(most + 1);
      expect(cut.seen.answers).toBeLessThanOrEqual(most + 1);
    }
  });
});

test.each([1, 5, 25, 400])('%d points of a path give the mean of a polynomial of nearly twice the degree', (count) => {
  const points = gaussLegendre(count);
  const degree = Math.min(2 * count - 1, 50);
  expect(sum(points.map(({ weight }) => weight))).toBeCloseTo(1, 12);
  expect(sum(points.map(({ at, weight }) => weight * at ** degree))).toBeCloseTo(1 / (degree + 1), 12);
});
