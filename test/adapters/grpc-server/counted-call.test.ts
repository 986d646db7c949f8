import { EventEmitter } from 'node:events';
import { type ServerInterceptingCallInterface, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CountedCall } from '../../../src/adapters/grpc-server/counted-call.ts';
import type { ReceivedMessage } from '../../../src/adapters/grpc-server/received-message.ts';
import { RequestsInHand } from '../../../src/adapters/requests-in-hand.ts';

describe('CountedCall', () => {
  const stream = new EventEmitter();
  const sendStatus = jest.fn();
  const received: unknown[] = [];
  let inHand: RequestsInHand;
  let handOn: (message: unknown) => void;

  beforeEach(() => {
    jest.useFakeTimers();
    stream.removeAllListeners();
    sendStatus.mockClear();
    received.length = 0;
    inHand = new RequestsInHand({ maxBytesInHand: 100, maxConcurrentRequests: 1 });
    const inner = {
      stream,
      incomingEncoding: 'identity',
      sendStatus,
      start: (listener: Parameters<ServerInterceptingCallInterface['start']>[0]) => {
        handOn = (message) => listener.onReceiveMessage(message);
      },
    };
    const call = new CountedCall(inner as unknown as ServerInterceptingCallInterface, {
      inHand,
      decompress: async (message) => message,
      admit: () => undefined,
    });
    call.start({ onReceiveMessage: (message: unknown) => received.push(message) } as never);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const arrive = (bytes: number) => stream.emit('data', Buffer.alloc(bytes));
  const free = () => {
    let bytes = 0;
    try {
      for (; ; bytes += 1) inHand.take(1);
    } catch {
      inHand.give(bytes);
    }
    return bytes;
  };

  test('holds what arrives until its message is released, or the stream has closed', () => {
    arrive(30);
    arrive(20);
    expect(free()).toBe(50);
    handOn(Buffer.alloc(45));
    expect(free()).toBe(50);
    arrive(10);
    stream.emit('close');
    arrive(10);
    expect(free()).toBe(50);
    (received[0] as ReceivedMessage).release();
    expect(free()).toBe(100);
    (received[0] as ReceivedMessage).release();
    expect(free()).toBe(100);
  });

  test('a message that comes decoded is handed on as it is, and held no longer', () => {
    arrive(30);
    handOn({ service: 'x' });
    expect(received).toEqual([{ service: 'x' }]);
    expect(free()).toBe(100);
  });

  test('ends the call where more arrives than there is room for', () => {
    arrive(60);
    arrive(50);
    arrive(50);
    expect(sendStatus).toHaveBeenCalledTimes(1);
    expect(sendStatus).toHaveBeenCalledWith(expect.objectContaining({ code: status.UNAVAILABLE }));
    expect(free()).toBe(100);
  });

  test('a message that comes in one piece needs no timer, one that is not whole has one', () => {
    const whole = Buffer.from([0, 0, 0, 0, 3, 1, 2, 3]);
    stream.emit('data', whole);
    expect(jest.getTimerCount()).toBe(0);
    handOn(whole.subarray(5));
    // What follows need not begin with the head of a message.
    stream.emit('data', whole);
    expect(jest.getTimerCount()).toBe(1);
  });

  test('ends the call where a message takes too long to arrive; between messages there is time', () => {
    arrive(10);
    jest.advanceTimersByTime(299_999);
    handOn(Buffer.alloc(5));
    jest.advanceTimersByTime(1e9);
    arrive(10);
    jest.advanceTimersByTime(200_000);
    arrive(10);
    jest.advanceTimersByTime(99_999);
    expect(sendStatus).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(sendStatus).toHaveBeenCalledWith({
      code: status.DEADLINE_EXCEEDED,
      details: 'the message took too long to arrive: all of it may take 300 s',
      metadata: null,
    });
  });
});
