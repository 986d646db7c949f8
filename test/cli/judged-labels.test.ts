import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { GivenSamples } from '../../cli/given-samples.ts';
import { judgedLabels } from '../../cli/judged-labels.ts';
import { splitSamples } from '../../cli/split-samples.ts';
import { unseenSamples } from '../../cli/unseen-samples.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const toPush = { model: 'model.onnx', label: 'model.onnx', files: new Map() };

/** A sample of one number each. */
const samplesOf = (values: readonly number[]): GivenSamples => ({
  samples: values.map((x, place) => ({ where: `sample ${place + 1}`, inputs: { x: [x] }, outputs: {} })),
  sha256: '',
});
const valuesOf = ({ samples }: GivenSamples) => samples.map(({ inputs }) => (inputs.x as readonly number[])[0]);
const count = (values: number) => [...Array(values).keys()];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-labels-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('what is held out is not judged where it is learned from too', () => {
  // The tenth and the last are held out; the last is the first again.
  const { learned, learnedPlaces, judged, places, of } = splitSamples(samplesOf([...count(19), 0]), 10);
  expect({ judged: valuesOf(judged), places, of }).toEqual({ judged: [9], places: [9], of: 20 });
  expect(valuesOf(learned)).toEqual(count(19).filter((value) => value !== 9));
  expect(learnedPlaces).toEqual(count(19).filter((value) => value !== 9));
  expect(() => splitSamples(samplesOf(count(9)), 10)).toThrow('one of which is held out, got 9');
  expect(() => unseenSamples(samplesOf([1, 2]), [0, 1], samplesOf([2, 1, 3]))).toThrow('give other samples');
});

test('labels of a file are those of what is learned too', async () => {
  await writeFile(file('labels.csv'), ['label', ...count(20).map((place) => `class ${place}`)].join('\n'));
  const given = splitSamples(samplesOf(count(20)), 10);
  const found = await judgedLabels({ task: file('labels.csv'), texts: undefined }, toPush, given);
  expect(found?.labels).toEqual(['class 9', 'class 19']);
  expect(found?.learned?.samples).toBe(given.learned.samples);
  expect(found?.learned?.labels).toEqual(given.learnedPlaces?.map((place) => `class ${place}`));
  await expect(
    judgedLabels({ task: file('labels.csv'), texts: undefined }, toPush, { ...given, of: 21 }),
  ).rejects.toThrow('expected a label for each of 21 texts or samples, got 20');
  const columns = count(40).map((place) => `c${place}`);
  await writeFile(file('wide.csv'), columns.join(','));
  const wide = judgedLabels({ task: file('wide.csv'), texts: undefined }, toPush, given);
  await expect(wide).rejects.toThrow(/expected a column 'label', got 'c0', .*'c11' and 28 more$/);
});

test('texts of their own have labels of their own, or none', async () => {
  await writeFile(file('labels.csv'), 'label\na\nb\n');
  await writeFile(file('texts.csv'), 'text,label\none,b\ntwo,a\n\n"three, at last",b\n');
  await writeFile(file('plain.csv'), 'text\none\ntwo\nthree\n');
  await writeFile(file('others.csv'), 'text,label\none,1\ntwo,a\nthree,1\n');
  const learned = samplesOf([3, 4, 5]);
  const given = unseenSamples(samplesOf([1, 2]), [0, 1], learned);
  const labelsWith = async (texts: string) =>
    (await judgedLabels({ task: file('labels.csv'), texts: file(texts) }, toPush, given))?.learned?.labels;
  expect(await labelsWith('texts.csv')).toEqual(['b', 'a', 'b']);
  expect(await labelsWith('plain.csv')).toBeUndefined();
  await expect(labelsWith('others.csv')).rejects.toThrow("got none of 'b', which no head could learn");
});
