import { expect, test } from '@jest/globals';
import { cudaOptions } from '../../src/core/cuda-options.ts';
import type { Execution } from '../../src/ports/execution.ts';

const gpu = { deviceId: 1, memoryBytes: 4e9 };
const server: Execution = { providers: ['cuda', 'cpu'], gpu };
const unset = { executionProviders: [], gpu: {} };

test('a model runs on the processor unless it, or the server, says otherwise', () => {
  expect(cudaOptions(unset, undefined)).toBeUndefined();
  expect(cudaOptions(unset, { providers: ['cpu'], gpu })).toBeUndefined();
  expect(cudaOptions(unset, server)).toEqual({ ...gpu, orCpu: true });
});

test("what a model says comes before what the server says, and the GPU's settings one by one", () => {
  expect(cudaOptions({ ...unset, executionProviders: ['cpu'] }, server)).toBeUndefined();
  expect(cudaOptions({ executionProviders: ['cuda'], gpu: { memoryBytes: 1e9 } }, server)).toEqual({
    deviceId: 1,
    memoryBytes: 1e9,
    orCpu: false,
  });
  expect(cudaOptions({ ...unset, executionProviders: ['cuda'] }, undefined)).toEqual({
    deviceId: 0,
    memoryBytes: 0,
    orCpu: false,
  });
});
