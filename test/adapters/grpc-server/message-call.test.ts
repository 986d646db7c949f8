import { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { MessageCall } from '../../../src/adapters/grpc-server/message-call.ts';
import { UnansweredCalls } from '../../../src/adapters/unanswered-calls.ts';
import { CutError } from '../../../src/core/cut-error.ts';

const call = (deadline: number) =>
  Object.assign(new EventEmitter(), { getDeadline: () => deadline, metadata: new Metadata(), cancelled: false });

test('a deadline that had passed when the call arrived leaves no time, and none leaves all', () => {
  expect(new MessageCall(call(Date.now() - 5)).timeoutMs).toBe(0);
  expect(new MessageCall(call(Number.POSITIVE_INFINITY)).timeoutMs).toBeUndefined();
});

test('what is about to be cut aborts with what its caller is told, until it is answered', () => {
  const unanswered = new UnansweredCalls();
  const [answered, waiting] = [call(Number.POSITIVE_INFINITY), call(Number.POSITIVE_INFINITY)].map(
    (each) => new MessageCall(each, unanswered),
  ) as [MessageCall, MessageCall];
  const [first, second] = [answered.gone(), waiting.gone()];
  answered.end();
  unanswered.cut();
  expect([first.aborted, second.reason]).toEqual([false, new CutError()]);
  expect(new MessageCall(call(Number.POSITIVE_INFINITY), unanswered).gone().reason).toBe(second.reason);
});
