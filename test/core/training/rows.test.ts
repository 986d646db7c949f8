import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { BadRows } from '../../../src/core/training/bad-rows.ts';
import { coarseTargetsNote } from '../../../src/core/training/coarse-targets-note.ts';
import { prepareRows } from '../../../src/core/training/prepare-rows.ts';
import { splitRows } from '../../../src/core/training/split-rows.ts';
import { TrainingRows } from '../../../src/core/training/training-rows.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

const shares = { validation: 0.1, test: 0.2 };
const numbered = (count: number) => Array.from({ length: count }, (_row, at) => String(at));

describe('a split', () => {
  const all = numbered(100).map(Number);
  const strata = [all.slice(0, 70), all.slice(70, 95), all.slice(95)];

  test('has of each class its share, and each row once', () => {
    const split = splitRows({ strata, keys: numbered(100) }, shares, seededRandom(1));
    expect(
      Object.values(split)
        .flat()
        .toSorted((a, b) => a - b),
    ).toEqual(numbered(100).map(Number));
    const counts = Object.values(split).map((rows) =>
      strata.map((own) => own.filter((row) => rows.includes(row)).length),
    );
    const [train, validation, held] = counts;
    expect(held).toEqual([14, 5, 1]);
    expect(validation?.[0]).toBe(7);
    expect((validation?.[1] ?? 0) + (validation?.[2] ?? 0)).toBe(3);
    expect(train?.[2]).toBeGreaterThan(2);
  });

  test('is of its seed', () => {
    const of = (seed: number) => splitRows({ strata, keys: numbered(100) }, shares, seededRandom(seed));
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
  });

  test('takes as many rows that are the same as there are', () => {
    const rows = Array.from({ length: 200_000 }, (_row, at) => at);
    const keys = rows.map(() => 'the same');
    const split = splitRows({ strata: [rows.slice(0, 150_000), rows.slice(150_000)], keys }, shares, seededRandom(1));
    expect([split.train.length, split.test.length, split.validation.length]).toEqual([200_000, 0, 0]);
  });

  test('keeps rows that are the same in one part, of other classes too', () => {
    const keys = numbered(100).map((key) => String(Number(key) % 40));
    const split = splitRows({ strata, keys }, { validation: 0.2, test: 0.3 }, seededRandom(3));
    const partOf = (rows: readonly number[]) => new Set(rows.map((row) => keys[row]));
    const parts = Object.values(split).map(partOf);
    for (const [at, part] of parts.entries())
      for (const other of parts.slice(at + 1)) expect([...part].filter((key) => other.has(key))).toEqual([]);
    expect(Object.values(split).flat().length).toBe(100);
  });

  /** Rows of classes, each of groups of equal rows, and how many of each class the parts have. */
  const parted = (sizes: readonly (readonly number[])[], seed: number) => {
    const rows = sizes.flatMap((groups, own) =>
      groups.flatMap((size, at) => Array.from({ length: size }, () => ({ own, key: `${own} ${at}` }))),
    );
    const strata = sizes.map((_groups, own) => [...rows.keys()].filter((row) => rows[row]?.own === own));
    const split = splitRows({ strata, keys: rows.map(({ key }) => key) }, shares, seededRandom(seed));
    return [split.train, split.validation, split.test].map((part) =>
      sizes.map((_groups, own) => part.filter((row) => rows[row]?.own === own).length),
    );
  };
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

  test('takes rows that are the same only where a part comes nearer to its share of their class', () => {
    const often = [500, ...Array(9).fill(55)];
    for (const seed of seeds) {
      expect(parted([often, often], seed)).toEqual([
        [665, 665],
        [110, 110],
        [220, 220],
      ]);
      expect(
        parted(
          [
            [900, 100],
            [900, 100],
          ],
          seed,
        ),
      ).toEqual([
        [900, 900],
        [0, 0],
        [100, 100],
      ]);
    }
  });

  test('has its share where no class by itself comes to a group', () => {
    for (const seed of seeds) {
      const [, validation = []] = parted(Array(30).fill([3, 3, 3]), seed);
      expect(validation.reduce((sum, count) => sum + count, 0)).toBe(27);
      expect(Math.max(...validation)).toBe(3);
    }
  });

  test('has no class without rows to train with, where all of one are rows of another', () => {
    // Of two classes with the same few rows, what goes with the one takes the other.
    const keys = [...numbered(40).map((row) => String(Number(row) % 20)), ...Array(8).fill('0'), ...Array(8).fill('1')];
    const rows = keys.map((_key, row) => row);
    for (const seed of seeds) {
      const strata = [rows.slice(0, 40), rows.slice(40)];
      const { train } = splitRows({ strata, keys }, { validation: 0.3, test: 0.5 }, seededRandom(seed));
      expect(train.some((row) => row >= 40)).toBe(true);
    }
  });

  test('trains with what is alone in its class', () => {
    const split = splitRows(
      { strata: [[0], [1, 2]], keys: numbered(3) },
      { validation: 0, test: 0.9 },
      seededRandom(1),
    );
    expect(split.train).toContain(0);
    expect(split.test.length).toBe(1);
  });
});

describe('rows', () => {
  const labels = ['a', 'b', 'a', 'b', 'b', 'a', 'a', 'b'];
  const rows = { label: 'rows.csv', targets: labels, keys: numbered(8) };
  const options = { predicts: 'classes', shares, seed: 1 } as const;

  test('are numbered by the classes that there are', () => {
    const { classes, targets } = prepareRows(rows, undefined, options);
    expect(classes).toEqual(['a', 'b']);
    expect(targets).toEqual([0, 1, 0, 1, 1, 0, 0, 1]);
    const numbers = { ...rows, targets: ['10', '9', '10', '9', '-1', '-1', '9', '10'] };
    expect(prepareRows(numbers, undefined, options).classes).toEqual(['-1', '9', '10']);
  });

  test('of classes that differ by capitals alone are noted', () => {
    const targets = ['left', 'Left', 'stays', 'left', 'Left', 'stays', 'left', 'Left'];
    const note = /^rows\.csv: 'Left' and 'left' differ by capitals alone, and are classes of their own/;
    const notesOf = (some: object) =>
      prepareRows({ ...rows, targets }, undefined, { ...options, ...some }).notes.filter((each) => note.test(each));
    expect(notesOf({})).toHaveLength(1);
    expect(notesOf({ predicts: 'labels' })).toHaveLength(1);
    expect(notesOf({ classes: ['Left', 'left', 'stays'] })).toEqual([]);
  });

  test.each([
    ['one class', { ...rows, targets: Array(8).fill('a') }, {}, "rows.csv: all 8 rows are 'a': expected two classes"],
    ['more classes than rows', { ...rows, targets: numbered(8) }, {}, '8 classes (0, 1, 2, 3, 4, …) and 8 rows'],
    [
      'an unknown label',
      rows,
      { classes: ['a', 'c'] },
      "4 rows cannot be learned from (mend them, or leave them out): row 2: 'b' is none of the 2 classes (a, c); row 4: ",
    ],
    [
      'a text in place of a number',
      { ...rows, targets: ['1', '2', 'x', '4', '5', '6', '7', ''] },
      { predicts: 'numbers' },
      "row 3: expected a number, got 'x'; row 8: expected a number, got ''",
    ],
    [
      'one number',
      { ...rows, targets: Array(8).fill('3') },
      { predicts: 'numbers' },
      'all 8 rows are 3: there is nothing to learn',
    ],
  ])('of %s are refused', (_what, given, more, message) => {
    expect(() => prepareRows(given, undefined, { ...options, ...more } as typeof options)).toThrow(message);
  });

  test('may be of some of the classes that a model has', () => {
    const known = ['a', ...numbered(20), 'b'];
    const { classes, targets } = prepareRows(rows, undefined, { ...options, classes: known });
    expect(classes).toBe(known);
    expect(targets.slice(0, 2)).toEqual([0, 21]);
  });

  test('that are the same are told, and told apart from those that contradict each other', () => {
    const keys = ['x', 'x', 'y', 'z', 'z', 'u', 'v', 'w'];
    const { notes } = prepareRows({ ...rows, keys }, undefined, options);
    expect(notes).toEqual([
      'the same: rows 4 and 5. Such rows are in one part, so that none is measured by what it learned',
      'the same but for what they are to be taken for: rows 1 and 2. No model can have both right',
      "no row of 'b' is among those to stop by",
    ]);
  });

  test('of which a part has none of a class, or none at all, are told', () => {
    const targets = numbered(20).map((row) => (Number(row) < 10 ? 'a' : 'b'));
    const notesOf = (keys: readonly string[]) =>
      prepareRows({ label: 'rows.csv', targets, keys }, undefined, options).notes.slice(1);
    const half = numbered(20).map((row) => (Number(row) < 15 ? row : '15'));
    expect(prepareRows({ ...rows, targets, keys: numbered(20) }, undefined, options).notes).toEqual([]);
    expect(notesOf(half.map((key, row) => (row < 10 ? key : String(Math.max(row, 11)))))).toEqual([]);
    expect(notesOf(numbered(20).map((row) => (Number(row) < 10 ? row : 'b')))).toEqual([
      "no row of 'b' is among those to stop by",
      "no row of 'b' is among those to measure by",
    ]);
    expect(notesOf(targets)).toEqual([
      'no rows are held back to stop by: too few of them differ',
      'no rows are held back to measure by: too few of them differ',
    ]);
  });

  test('that have names are called by them', () => {
    const names = (folder: string, count: number) => numbered(count).map((at) => `${folder}/${at}.png`);
    const keys = ['x', 'x', 'y', 'z', 'z', 'u', 'v', 'w'];
    const test = { label: 'more', targets: ['b', 'a'], keys: ['p', 'y'], names: names('more', 2) };
    const { notes } = prepareRows({ ...rows, label: 'all', keys, names: names('all', 8) }, test, options);
    expect(notes).toEqual([
      'the same: all/3.png and all/4.png. Such rows are in one part, so that none is measured by what it learned',
      'the same but for what they are to be taken for: all/0.png and all/1.png. No model can have both right',
      "no row of 'a' is among those to stop by",
      'in more as well as in all: all/2.png is more/1.png. These are left out of the training',
    ]);
  });

  test('to measure by come from a file of their own, and what is in both is not learned from', () => {
    const test = { label: 'test.csv', targets: ['b', 'a', 'a'], keys: ['p', '6', 'q'] };
    const { split, targets, notes } = prepareRows(rows, test, options);
    expect(split.test).toEqual([8, 9, 10]);
    expect(targets.slice(8)).toEqual([1, 0, 0]);
    expect([...split.train, ...split.validation].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 7]);
    expect(notes).toEqual([
      "no row of 'a' is among those to stop by",
      'in test.csv as well as in rows.csv: row 7 is 2. These are left out of the training',
    ]);
    expect(() => prepareRows(rows, { ...rows, label: 'again.csv' }, options)).toThrow(
      'all rows of rows.csv to train with are in again.csv as well: expected others to measure by',
    );
    const taken = { ...test, targets: ['a', 'a', 'a', 'a'], keys: ['0', '2', '5', '6'] };
    expect(() => prepareRows(rows, taken, options)).toThrow(
      "all rows of 'a' in rows.csv to train with are in test.csv as well: expected others to measure by",
    );
    const unknown = { ...test, targets: ['b', 'd', 'a'] };
    expect(() => prepareRows(rows, unknown, options)).toThrow(
      "test.csv: a row cannot be learned from (mend it, or leave it out): row 2: 'd' is none of the 2 classes",
    );
  });

  test('of numbers are parted by tenths', () => {
    const targets = Array.from({ length: 100 }, (_row, at) => String(at ** 2));
    const { split, classes } = prepareRows({ label: 'n.csv', targets, keys: numbered(100) }, undefined, {
      ...options,
      predicts: 'numbers',
    });
    expect(classes).toBeUndefined();
    expect(split.test.map((row) => Math.floor(row / 10))).toEqual(
      numbered(10).flatMap((tenth) => [Number(tenth), Number(tenth)]),
    );
  });
});

test('classes that may be amounts are told', () => {
  const amounts = (count: number, rows: number) => Array.from({ length: rows }, (_row, at) => String(at % count));
  const notes = (targets: readonly string[], classes?: readonly string[]) =>
    prepareRows({ label: 'sales.csv', targets, keys: targets.map((_target, at) => String(at)) }, undefined, {
      predicts: 'classes',
      classes,
      shares: { validation: 0.1, test: 0.2 },
      seed: 1,
    }).notes.filter((note) => note.includes('amounts'));
  expect(notes(amounts(50, 200))).toEqual([
    'sales.csv: 50 classes, all of them whole numbers, and 200 rows: amounts are predicted as numbers, by --new linear or by a recipe with "loss": {"kind": "mean-squared-error"}',
  ]);
  expect(notes(amounts(50, 500))).toEqual([]);
  expect(notes(amounts(10, 60))).toEqual([]);
  expect(notes(amounts(50, 200).map((name) => `room ${name}`))).toEqual([]);
  expect(notes(amounts(50, 200), amounts(50, 50))).toEqual([]);
});

test('numbers that FP32 would round to coarse steps are told', () => {
  const notes = (from: number) =>
    prepareRows(
      { label: 'n.csv', targets: numbered(100).map((at) => String(from + Number(at))), keys: numbered(100) },
      undefined,
      { predicts: 'numbers', shares, seed: 1 },
    ).notes;
  expect(notes(1e9)).toEqual([
    expect.stringMatching(/^n\.csv: .* about 1000000050, with a deviation of 28\.9, and FP32 has steps of 64 there/),
  ]);
  expect(notes(1e5)).toEqual([]);
  expect(notes(-49.5)).toEqual([]);
});

test('what is to be taken off is as near as what they spread by asks for, so that no more is to be', () => {
  const targets = Array.from({ length: 200 }, (_target, row) => 20_261_130_000_000 + 1000 * row);
  const note = coarseTargetsNote(targets, 'days.csv') ?? '';
  const [, off = ''] = /take a number such as (\S+) off/.exec(note) ?? [];
  expect(off).toBe('20261130100000');
  expect(
    coarseTargetsNote(
      targets.map((target) => target - Number(off)),
      'days.csv',
    ),
  ).toBeUndefined();
});

test('of many bad rows the first are named', () => {
  const bad = new BadRows('x.csv');
  bad.throwIfAny();
  for (let row = 0; row < 9; row += 1) bad.add(row, 'no');
  expect(() => bad.throwIfAny()).toThrow(/9 rows .*row 1: no; row 2: no; row 3: no; row 4: no; row 5: no; and 4 more$/);
});

describe('rows of any number of labels', () => {
  const options = { predicts: 'labels', shares, seed: 1 } as const;
  const prepare = (targets: readonly string[], more: object = {}) =>
    prepareRows({ label: 'rows.csv', targets, keys: numbered(targets.length) }, undefined, { ...options, ...more });

  test('have a number for each class, by lists or by texts', () => {
    const { classes, targets, predicts } = prepare(['b|a', '["a"]', '[]', 'c | a', '|', 'b|c', 'c', 'b']);
    expect([classes, predicts]).toEqual([['a', 'b', 'c'], 'labels']);
    expect(targets).toEqual([1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0]);
  });

  test('that say yes or no are of one class, or not', () => {
    const { classes, targets } = prepare(['1', '0', 'true', 'FALSE'], { alone: 'left' });
    expect([classes, targets]).toEqual([['left'], [1, 0, 1, 0]]);
    expect(prepare(['1', '0', '2', '1', '0', '2']).classes).toEqual(['0', '1', '2']);
  });

  test('are parted so that each part has some of the rarest', () => {
    const texts = numbered(100).map((_text, at) => (at < 10 ? 'rare|often' : at < 80 ? 'often' : '|'));
    const { split } = prepare(texts);
    const rare = [split.train, split.validation, split.test].map((part) => part.filter((row) => row < 10).length);
    expect(rare).toEqual([7, 1, 2]);
  });

  test.each([
    ['none', ['|', '|', '[]'], {}, 'none of 3 rows has a label'],
    ['one that all have', ['a|b', 'a', 'a|b', 'a'], {}, "all 4 rows have 'a': expected each label to be of some rows"],
    ['as many as rows', ['a', 'b', 'c', 'd'], {}, '4 labels and 4 rows: expected several rows of each'],
    ['unknown ones', ['a|x', 'b'], { classes: ['a', 'b'] }, "row 1: 'x' is none of the 2 classes (a, b)"],
    ['several of one output', ['a', '0'], { classes: ['left'] }, 'row 1: expected 0 or 1, as the model has one output'],
  ])('are refused: %s', (_what, targets, more, message) => {
    expect(() => prepare(targets, more)).toThrow(message);
  });

  test('are no classes', () => {
    expect(() => prepare(['["a"]', '["b"]', '[pad]', '[pad]'], { predicts: 'classes' })).toThrow(
      /row 1: expected one label, got \["a"\]; lists are learned by.*row 2: (?!.*row 3)/s,
    );
  });

  test('go together as numbers, a row after the other', () => {
    const { targets, classes = [] } = prepare(['a|b', 'b', 'a', '|']);
    const inputs = [1, 2, 3, 4].map((value) => [floatTensor([1, 1], [value])]);
    const target = { name: 't', isClass: false, size: classes.length };
    const batch = new TrainingRows({ inputNames: ['x'], inputs, targets, target }).batch([2, 0]);
    expect(batch).toEqual({ x: floatTensor([2, 1], [3, 1]), t: floatTensor([2, 2], [1, 0, 1, 1]) });
  });
});

test('labels that none of the rows to learn from has any more are told', () => {
  const targets = ['a|b', 'b', 'a', '|', 'b', 'a|c', 'c', '|'];
  const rows = { label: 'rows.csv', targets, keys: numbered(8) };
  const test = { label: 'test.csv', targets: ['a|c', 'c'], keys: ['5', '6'] };
  const own = { predicts: 'labels', shares: { validation: 0, test: 0 }, seed: 1 } as const;
  expect(() => prepareRows(rows, test, own)).toThrow("all rows of 'c' in rows.csv to train with are in test.csv");
});

test('labels all of whose rows would be held back are told', () => {
  // Both rows of c have another label that is as rare.
  const targets = ['a|c', 'b|c', 'a', 'b', 'd', 'd', 'd', '|'];
  const rows = { label: 'rows.csv', targets, keys: numbered(8) };
  const of = (seed: number) =>
    prepareRows(rows, undefined, { predicts: 'labels', shares: { validation: 0, test: 0.5 }, seed });
  const said = numbered(40).map((seed) => {
    try {
      const { split } = of(Number(seed));
      expect(split.train.some((row) => row < 2)).toBe(true);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(said).toContain(undefined);
  expect(said).toContain(
    "all rows of 'c' in rows.csv are held back to measure or to stop by: expected more of them, or another seed",
  );
});

describe('rows that are to be given vectors', () => {
  const prepare = (targets: readonly string[]) =>
    prepareRows({ label: 'rows.jsonl', targets, keys: numbered(targets.length) }, undefined, {
      predicts: 'vectors',
      shares,
      seed: 1,
    });

  test('have their numbers, a row after the other', () => {
    expect(prepare(['[1, 2]', '[0.5, -1]'])).toMatchObject({ classes: undefined, size: 2, targets: [1, 2, 0.5, -1] });
  });

  test.each([
    ['a text', ['[1, 2]', 'red'], 'row 2: expected a list of numbers, got red'],
    ['another size', ['[1, 2]', '[1]'], 'row 2: expected a vector of 2 numbers, got 1'],
    ['zeros', ['[0, 0]', '[1, 2]'], 'row 1: a vector of zeros has no direction'],
    ['what FP32 does not have', ['[1, 2]', '[1e300, 2]'], 'row 2: expected a list of numbers'],
  ])('are refused for %s', (_what, targets, message) => {
    expect(() => prepare(targets)).toThrow(message);
  });
});
