import { expect, test } from '@jest/globals';
import { patientRun } from '../../../src/core/batch/patient-run.ts';
import { runRecords } from '../../../src/core/batch/run-records.ts';
import type { InputTensor } from '../../../src/protocol/inference.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

const specs = [{ name: 'x', datatype: 'FP32', shape: [-1] }] as const;
const noMemory = new ServiceError(500, 'no memory', { retryAfterSeconds: 1 });

/** Runs so many records of a model that fails so often; tells the outcomes, the rows of each run, and the pauses. */
async function runAll(rows: number, failures: number, error = noMemory) {
  const runs: number[] = [];
  const pauses: number[] = [];
  const run = patientRun(
    async ([x]) => {
      runs.push(x?.shape[0] ?? 0);
      if (runs.length <= failures) throw error;
      return [{ ...(x as InputTensor), name: 'y' }];
    },
    async (count) => void pauses.push(count),
  );
  const record = { tensors: [floatTensor([1], [1])], kept: [] };
  const outcomes = await runRecords(specs, Array(rows).fill(record), run);
  return { failed: outcomes.filter((outcome) => 'error' in outcome).length, runs, pauses };
}

test('a record that runs alone is tried again where the reason may pass', async () => {
  expect(await runAll(1, 2)).toEqual({ failed: 0, runs: [1, 1, 1], pauses: [1, 2] });
});

test('several are halved instead', async () => {
  expect(await runAll(4, 2)).toEqual({ failed: 0, runs: [4, 2, 1, 1, 2], pauses: [] });
});

test('in the end the record has failed, and another has not', async () => {
  expect(await runAll(2, 5)).toEqual({ failed: 1, runs: [2, 1, 1, 1, 1, 1], pauses: [1, 2, 3] });
});

test('what would fail again is not tried again', async () => {
  expect(await runAll(1, 1, new ServiceError(500, 'a node failed'))).toEqual({ failed: 1, runs: [1], pauses: [] });
});
