import { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { MessageCall } from '../../../src/adapters/grpc-server/message-call.ts';

const call = (deadline: number) =>
  Object.assign(new EventEmitter(), { getDeadline: () => deadline, metadata: new Metadata(), cancelled: false });

test('a deadline that had passed when the call arrived leaves no time, and none leaves all', () => {
  expect(new MessageCall(call(Date.now() - 5)).timeoutMs).toBe(0);
  expect(new MessageCall(call(Number.POSITIVE_INFINITY)).timeoutMs).toBeUndefined();
});

test('what is about to be cut aborts with what its caller is told, until it is answered', () => {
  const cut = new AbortController();
  const [answered, waiting] = [call(Number.POSITIVE_INFINITY), call(Number.POSITIVE_INFINITY)].map(
    (each) => new MessageCall(each, cut.signal),
  ) as [MessageCall, MessageCall];
  const [first, second] = [answered.gone(), waiting.gone()];
  answered.end();
  const reason = new Error('the server ended');
  cut.abort(reason);
  expect([first.aborted, second.reason]).toEqual([false, reason]);
  expect(new MessageCall(call(Number.POSITIVE_INFINITY), cut.signal).gone().reason).toBe(reason);
});
