import { describe, expect, test } from '@jest/globals';
import { RunCost } from '../../src/core/run-cost.ts';
import { sizedByValues } from '../../src/core/sized-by-values.ts';

describe('RunCost', () => {
  test('no run is short before one was measured', () => {
    expect(new RunCost().isShort(1)).toBe(false);
  });

  test('a run is taken to grow with its input', () => {
    const cost = new RunCost();
    cost.observe(1000, 0.02);
    expect(cost.isShort(10)).toBe(true);
    expect(cost.isShort(15_000)).toBe(true);
    expect(cost.isShort(15_001)).toBe(false);
  });

  test('a measure on empty texts holds for short ones', () => {
    const cost = new RunCost();
    cost.observe(0, 0.1);
    expect(cost.isShort(60)).toBe(true);
    expect(cost.isShort(1000)).toBe(false);
  });

  test('a quick model that was slow for a while is tried again', () => {
    const cost = new RunCost();
    cost.observe(100, 0.01);
    cost.observe(100, 50);
    expect(cost.isShort(100)).toBe(true);
    for (let i = 0; i < 50; i += 1) cost.observe(100, 1);
    expect(cost.isShort(100)).toBe(false);
    let asked = 0;
    while (!cost.isShort(100) && asked < 1000) asked += 1;
    expect(asked).toBeLessThan(200);
  });
});

describe('sizedByValues', () => {
  test.each([
    [['Gemm', 'Relu', 'Softmax'], false],
    [['ai.onnx.ml.TreeEnsembleClassifier', 'Cast'], false],
    [[], false],
    [['MatMul', 'Loop'], true],
    [['ConstantOfShape'], true],
    [['com.microsoft.BeamSearch'], true],
  ])('of %j: %p', (operators, expected) => {
    expect(sizedByValues(operators)).toBe(expected);
  });
});
