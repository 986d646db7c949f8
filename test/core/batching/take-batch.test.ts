import { expect, test } from '@jest/globals';
import { Padding } from '../../../src/core/batching/padding.ts';
import { takeBatch } from '../../../src/core/batching/take-batch.ts';
import type { WaitingRequest } from '../../../src/core/batching/waiting-request.ts';
import type { Session } from '../../../src/ports/session.ts';

const session = {} as Session;

/** `rows` rows of `width` bytes each. */
function waiting(rows: number, width: number, canShare = true): WaitingRequest {
  const input = { datatype: 'UINT8', shape: [rows, width], data: new Uint8Array(rows * width) };
  const run = { inputNames: ['x'], outputNames: ['y'], inputs: [input] };
  return { session, run, rows, bytes: rows * width, canShare } as unknown as WaitingRequest;
}

function taken(requests: readonly WaitingRequest[], limits = {}, axis?: number) {
  const inputs = axis === undefined ? {} : { x: { axis, value: 0 } };
  const padding = new Padding({ inputs, outputs: {} });
  const most = { rows: 8, fairRows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY, preferredRows: [] };
  const batch = takeBatch(requests, { ...most, ...limits }, padding);
  return batch && [batch.requests.map((request) => requests.indexOf(request)), batch.rows, batch.closed];
}

const row = () => waiting(1, 4);

test('an unlike request, however large, keeps those behind it out of no run', () => {
  expect(taken([row(), waiting(1, 3), row(), row()])).toEqual([[0, 2, 3], 3, 'unlike']);
  expect(taken([row(), waiting(10, 3), row(), row()])).toEqual([[0, 2, 3], 3, 'unlike']);
  expect(taken([row(), waiting(1, 1000), row()], { bytes: 100 })).toEqual([[0, 2], 2, 'unlike']);
  expect(taken([row(), waiting(5, 3), row()], { fairRows: 4 })).toEqual([[0, 2], 2, 'unlike']);
});

test('nor does one whose run would be padding for the most part', () => {
  expect(taken([row(), row(), waiting(1, 400), row()], { bytes: 100 }, 1)).toEqual([[0, 1, 3], 3, 'unlike']);
});

test('the next that is alike and would be too much ends it, and so does what fills it', () => {
  expect(taken([row(), waiting(8, 4), row()])).toEqual([[0], 1, 'max-batch-size']);
  expect(taken([waiting(7, 4), row(), waiting(1, 3), row()])).toEqual([[0, 1], 8, 'max-batch-size']);
  expect(taken([row(), row(), row()], { bytes: 8 })).toEqual([[0, 1], 2, 'long-enough']);
  expect(taken([row(), row(), row()], { fairRows: 2 })).toEqual([[0, 1], 2, 'fair-share']);
});

test('one alone may have more than there is room for, and what shares none has none with it', () => {
  expect(taken([waiting(10, 4), row()])).toEqual([[0], 10, 'max-batch-size']);
  expect(taken([waiting(1, 4, false), row()])).toEqual([[0], 1, 'alone']);
  expect(taken([row()])).toEqual([[0], 1, 'nothing-waits']);
  expect(taken([])).toBeUndefined();
});
