import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RequestDeadline } from '../../src/core/request-deadline.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

describe('RequestDeadline', () => {
  let clock: FakeClock;
  let gone: AbortController;
  let deadline: RequestDeadline;

  beforeEach(() => {
    jest.useFakeTimers();
    clock = new FakeClock();
    gone = new AbortController();
    deadline = new RequestDeadline(clock, () => gone.signal);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('the shortest time counts, and is told with where it came from', () => {
    deadline.limit({ ms: 5, source: 'long' });
    deadline.limit({ ms: 2, source: 'short' });
    deadline.limit(undefined);
    deadline.limit({ ms: 3, source: 'longer' });
    deadline.check();
    clock.ms += 2;
    expect(() => deadline.check()).toThrow('the deadline of 2 ms (short) passed');
    expect(deadline.signal().reason).toMatchObject({ status: 504 });
  });

  test('its signal aborts when the time is up, and counts from when the request was received', () => {
    deadline.limit({ ms: 50, source: 'header' });
    clock.ms += 20;
    const signal = deadline.signal();
    jest.advanceTimersByTime(29);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ status: 504 });
  });

  test('its signal aborts when the caller leaves before', () => {
    deadline.limit({ ms: 50, source: 'header' });
    const signal = deadline.signal();
    gone.abort('left');
    expect(signal.reason).toBe('left');
    deadline.end();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('a time that no timer holds is none, nor is there a timer for none', () => {
    expect(deadline.signal()).toBe(gone.signal);
    const distant = new RequestDeadline(clock, () => gone.signal);
    distant.limit({ ms: 1e12, source: 'header' });
    expect(distant.signal()).toBe(gone.signal);
    expect(jest.getTimerCount()).toBe(0);
  });
});
