import { describe, expect, test } from '@jest/globals';
import { BaselineRows } from '../../../src/core/drift/baseline-rows.ts';
import { driftLimits } from '../../../src/core/drift/drift-limits.ts';
import { driftOf } from '../../../src/core/drift/drift-of.ts';
import { DriftSketch } from '../../../src/core/drift/drift-sketch.ts';
import { featureLabel } from '../../../src/core/drift/feature-label.ts';
import { mergedSketch } from '../../../src/core/drift/merged-sketch.ts';
import type { ObservedRun } from '../../../src/core/drift/observed-run.ts';
import { textRun } from '../../../src/core/drift/text-run.ts';
import type { Tensor } from '../../../src/protocol/tensor.ts';

const about = { id: 'b', model: 'm', version: 1, madeAt: '', from: 'test' };

function floats(shape: readonly number[], values: readonly number[]): Tensor {
  return { datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(values).buffer) };
}

function texts(...values: string[]): Tensor {
  return { datatype: 'BYTES', shape: [values.length], data: values.map((value) => Buffer.from(value)) };
}

function run(input: Tensor, output: Tensor = floats([1], [0])): ObservedRun {
  return { inputNames: ['x'], inputs: [input], outputNames: ['y'], outputs: [output] };
}

function labelsOf(...runs: ObservedRun[]): string[] {
  const rows = new BaselineRows(1000);
  for (const each of runs) rows.add(each, true);
  return rows.baseline(about).features.map((feature) => `${feature.side} ${featureLabel(feature)}`);
}

describe('what is looked at', () => {
  test('of short rows is each element, of an output also the place of the largest', () => {
    expect(labelsOf(run(floats([2, 2], [1, 2, 3, 4]), floats([2, 3], [1, 2, 3, 4, 5, 6])))).toEqual([
      'input x[0]',
      'input x[1]',
      'output y[0]',
      'output y[1]',
      'output y[2]',
      'output y (largest)',
    ]);
  });

  test('of long rows, such as pictures, is mean and deviation', () => {
    const picture = floats(
      [1, 3, 8, 8],
      Array.from({ length: 192 }, (_, i) => i % 2),
    );
    const rows = new BaselineRows(10);
    rows.add(run(picture), true);
    const { features } = rows.baseline(about);
    expect(features.map(featureLabel)).toEqual(['x (mean)', 'x (deviation)', 'y[0]']);
    expect(features[0]).toMatchObject({ edges: [expect.closeTo(0.5), 0.5], counts: [0, 1, 0, 0] });
  });

  test('of texts is the text where there are few, and its length', () => {
    expect(labelsOf(run(texts('a', 'b')))).toEqual(['input x (text)', 'input x (length)', 'output y[0]']);
    const many = Array.from({ length: driftLimits.values + 1 }, (_, i) => `text ${i}`);
    expect(labelsOf(run(texts(...many)))).toEqual(['input x (length)', 'output y[0]']);
  });

  test.each([
    ['FP16', (value: number) => (value === 0 ? 0 : value === 1 ? 0x3c00 : 0xc000)],
    ['BF16', (value: number) => new Uint16Array(Float32Array.of(value).buffer)[1] ?? 0],
  ] as const)('of %s is the same as of other numbers', (datatype, bits) => {
    const half = (shape: readonly number[], values: readonly number[]): Tensor => ({
      datatype,
      shape,
      data: new Uint8Array(Uint16Array.from(values.map(bits)).buffer),
    });
    const picture = Array.from({ length: 3000 }, (_, i) => [0, 1, -2][(i * i) % 3] as number);
    const scores = [1, -2, 1, 0, 0, 1];
    const featuresOf = (make: typeof half) => {
      const rows = new BaselineRows(10);
      rows.add(run(make([2, 1500], picture), make([2, 3], scores)), true);
      return rows.baseline(about).features;
    };
    expect(featuresOf(half).map(featureLabel)).toEqual([
      'x (mean)',
      'x (deviation)',
      ...['y[0]', 'y[1]', 'y[2]', 'y (largest)'],
    ]);
    expect(featuresOf(half)).toEqual(featuresOf(floats));
  });

  test('of texts that were generated is how many tokens went in, and came out', () => {
    expect(labelsOf(textRun(7, 3), textRun(9, 0))).toEqual(['input prompt tokens[0]', 'output answer tokens[0]']);
  });

  test('is bounded: features of a version, rows of a run, memory of a sketch', () => {
    const wide = run(floats([40, 16], new Array(640).fill(1)), floats([40, 16], new Array(640).fill(1)));
    const rows = new BaselineRows(1000);
    const other = { ...wide, inputNames: ['a', 'b', 'c', 'd', 'e'], inputs: new Array(5).fill(wide.inputs[0]) };
    rows.add(other);
    expect(rows.rows).toBe(driftLimits.rows);
    const baseline = rows.baseline(about);
    expect(baseline.features).toHaveLength(driftLimits.features);
    const sketch = new DriftSketch(baseline);
    for (let i = 0; i < 100; i += 1) sketch.add(other);
    expect(sketch.rows).toBe(100 * driftLimits.rows);
    expect(JSON.stringify(sketch.sketch).length).toBeLessThan(10_000);
  });
});

describe('sketches', () => {
  const rows = new BaselineRows(100);
  rows.add(
    run(
      floats(
        [100],
        Array.from({ length: 100 }, (_, i) => i / 7),
      ),
    ),
    true,
  );
  const baseline = rows.baseline(about);

  test('of hosts add up, but for those of another baseline', () => {
    const [one, two] = [new DriftSketch(baseline), new DriftSketch(baseline)];
    for (let i = 0; i < 50; i += 1) one.add(run(floats([1], [i / 7])));
    for (let i = 50; i < 100; i += 1) two.add(run(floats([1], [i / 7])));
    const merged = mergedSketch(baseline, [one.sketch, two.sketch, { ...one.sketch, baseline: 'other' }]);
    expect(merged.rows).toBe(100);
    expect(merged.counts[0]).toEqual(baseline.features[0]?.counts);
    expect(driftOf(baseline, merged).find(({ feature }) => feature.tensor === 'x')?.psi).toBe(0);
  });

  test('tell the farthest first, and take rows of another length and tensors that they do not know', () => {
    const wide = new BaselineRows(100);
    const values = Array.from({ length: 200 }, (_, i) => Math.sin(i));
    wide.add(run(floats([100, 2], values)), true);
    const sketch = new DriftSketch(wide.baseline(about));
    for (let i = 0; i < 100; i += 1) sketch.add(run(floats([1, 2], [values[2 * i] as number, 9])));
    sketch.add(run(floats([1, 1], [0.5])));
    sketch.add(run(floats([0, 2], [])));
    sketch.add({ inputNames: ['z'], inputs: [texts('?')], outputNames: [], outputs: [] });
    const [first, second] = driftOf(sketch.baseline, sketch.sketch).map(({ feature }) => featureLabel(feature));
    expect([first, second]).toContain('x[1]');
    expect(first).toBe('x[1]');
  });
});
