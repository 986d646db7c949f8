import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';

const table = Array.from({ length: 50 }, (_item, place) => 1000 - 7 * place);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorgate-soak-'));
  mkdirSync(join(folder, 'table/1'), { recursive: true });
  const value = (name: string) => ({ name, datatype: 'INT64' as const, shape: ['rows', 'places'] });
  const model = buildOnnx({
    inputs: [value('places')],
    outputs: [value('found')],
    initializers: [
      { name: 'table', datatype: 'INT64', shape: [table.length], data: new Uint8Array(whole(table).buffer) },
    ],
    nodes: [{ op: 'Gather', inputs: ['table', 'places'], outputs: ['found'] }],
  });
  writeFileSync(join(folder, 'table/1/model.onnx'), model);
  writeFileSync(join(folder, 'table/model.json'), JSON.stringify({ queue: { priorityLevels: 2 } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function whole(values: readonly number[]): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from(values, BigInt);
}

function numbers({ data }: FixedTensor): number[] {
  return Array.from(new BigInt64Array(data.slice().buffer), Number);
}

/** The native engine joins short runs on the calling thread; the binding has none, so that all wait for their turn. */
test.each(['native', 'binding'] as const)(
  'by the %s engine nothing is lost or swapped, whatever others send, and whoever leaves',
  async (engine) => {
    const service = serviceOver(folder, { engine });
    await service.refresh();
    const { dataPlane } = service;
    const version = dataPlane.repository.resolve('table');
    const random = seededRandom();
    const below = (end: number) => Math.floor(random() * end);
    const outcomes = { answered: 0, refused: 0, left: 0 };

    const ask = async () => {
      const shape = [1 + below(4), 1 + below(3)] as const;
      const places = Array.from({ length: shape[0] * shape[1] }, () => below(table.length));
      const isWrong = random() < 0.05;
      if (isWrong) places[below(places.length)] = table.length;
      const leaving = new AbortController();
      const gone = new ServiceError(504, 'left');
      const times = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
      const context = {
        times,
        signal: () => leaving.signal,
        checkDeadline: () => leaving.signal.throwIfAborted(),
        checkOutput: () => undefined,
      };
      const data = new Uint8Array(whole(places).buffer);
      const inputs = [{ name: 'places', datatype: 'INT64' as const, shape, data }];
      const answer = dataPlane.infer(version, { parameters: { priority: 1 + below(2) }, inputs }, context);
      if (random() < 0.2) setTimeout(() => leaving.abort(gone), below(4));
      try {
        const found = (await answer).outputs[0] as FixedTensor;
        expect(found.shape).toEqual(shape);
        expect(numbers(found)).toEqual(places.map((place) => table[place]));
        outcomes.answered += 1;
      } catch (error) {
        if (error === gone) outcomes.left += 1;
        else {
          expect(error).toMatchObject({
            name: 'ServiceError',
            message: expect.stringMatching(/out of (data )?bounds/),
          });
          expect(isWrong).toBe(true);
          outcomes.refused += 1;
        }
      }
    };
    const caller = async (requests: number) => {
      for (let request = 0; request < requests; request += 1) await ask();
    };
    await Promise.all(Array.from({ length: 24 }, () => caller(60)));
    expect(outcomes.answered + outcomes.refused + outcomes.left).toBe(24 * 60);
    expect(outcomes.answered).toBeGreaterThan(1000);
    expect(outcomes.refused).toBeGreaterThan(20);
    expect(version.users).toBe(0);
    expect(version.batches.newest().some(({ requests }) => requests > 1)).toBe(true);
    await service.releaseIdle(() => false);
  },
);
