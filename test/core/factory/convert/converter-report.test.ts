import { describe, expect, test } from '@jest/globals';
import type { ConverterReport } from '../../../../src/core/factory/convert/converter-report.ts';
import { parseConverterReport } from '../../../../src/core/factory/convert/parse-converter-report.ts';
import { sourceFindings } from '../../../../src/core/factory/convert/source-findings.ts';
import type { Sample } from '../../../../src/core/releases/sample.ts';
import type { TensorSpec } from '../../../../src/protocol/tensor-spec.ts';

const report: ConverterReport = {
  framework: 'scikit-learn',
  kind: 'Ridge',
  madeWith: {},
  versions: { python: '3.12.1', 'scikit-learn': '1.9.1' },
  inputs: { X: [-1, 3] },
  drawn: true,
  seed: 0,
};

describe('a report', () => {
  const parsed = (change: object) => parseConverterReport(JSON.stringify({ reportVersion: 1, ...report, ...change }));

  test('is read as it was written', () => {
    expect(parsed({})).toEqual(report);
    expect(parsed({ seed: undefined })).not.toHaveProperty('seed');
  });

  test.each([
    [{ reportVersion: 2 }, "'reportVersion' is to be 1, got 2"],
    [{ framework: 7 }, "'framework' is to be a text, got 7"],
    [{ kind: 'x'.repeat(2000) }, "'kind'"],
    [{ versions: { numpy: 2 } }, "'versions'"],
    [{ madeWith: [] }, "'madeWith'"],
    [{ inputs: { X: [null, 3] } }, "'inputs'"],
    [{ inputs: { X: [-2] } }, "'inputs'"],
    [{ drawn: 'yes' }, "'drawn'"],
    [{ seed: 1.5 }, "'seed'"],
  ])('that has %j is refused by the name of what is wrong', (change, words) => {
    expect(() => parsed(change)).toThrow(words);
  });

  test('that is no JSON is refused', () => {
    expect(() => parseConverterReport('Traceback')).toThrow("'reportVersion' is to be 1, got undefined");
  });
});

describe('a conversion is refused, whatever it answers, where', () => {
  const X: TensorSpec = { name: 'X', datatype: 'FP32', shape: [-1, 3] };
  const y: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, 1] };
  const samples: readonly Sample[] = [1, 2].map((line) => ({
    where: `line ${line}`,
    inputs: {},
    outputs: { y: [[line]] },
  }));
  const found = (change: { inputs?: TensorSpec[]; outputs?: TensorSpec[] }, said: object = {}) =>
    sourceFindings(
      { inputs: change.inputs ?? [X], outputs: change.outputs ?? [y] },
      { report, samples, known: [], ...said },
    ).map(({ name, words }) => `${name}: ${words}`);

  test('nothing is wrong: it is not', () => {
    expect(found({})).toEqual([]);
  });

  test('it lost a free dimension', () => {
    expect(found({ inputs: [{ ...X, shape: [2, 3] }] })).toEqual([
      "lost-free-dimension: input 'X' is [2,3], expected [-1,3], -1 being any size",
    ]);
  });

  test('it takes other inputs than its source', () => {
    expect(found({ inputs: [{ ...X, name: 'other' }] })).toEqual([
      "other-inputs: input 'other' is new: the source has X",
      "other-inputs: input 'X' of the source is gone",
    ]);
  });

  test('an output has no answer of the original', () => {
    expect(found({ outputs: [y, { ...y, name: 'z' }] })).toEqual([expect.stringContaining("unverified: output 'z'")]);
  });

  test('its samples have but one answer', () => {
    const same = samples.map((sample) => ({ ...sample, outputs: { y: [[1]] } }));
    expect(found({}, { samples: same })).toEqual([expect.stringContaining('have the same answer')]);
  });

  test('it was made with another release of its framework, unless its answers there are known', () => {
    const old = { report: { ...report, madeWith: { 'scikit-learn': '1.5.2' } } };
    expect(found({}, old)).toEqual([
      expect.stringContaining('unverified: it was made with scikit-learn 1.5.2 and read by 1.9.1'),
    ]);
    expect(found({}, { ...old, known: samples })).toEqual([]);
    expect(found({}, { report: { ...report, madeWith: { 'scikit-learn': '1.9.0' } } })).toEqual([]);
  });
});
