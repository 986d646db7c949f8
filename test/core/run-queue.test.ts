import { describe, expect, test } from '@jest/globals';
import { RunQueue } from '../../src/core/run-queue.ts';

describe('RunQueue', () => {
  const gate = () => Promise.withResolvers<void>();

  test('runs no more than its bound at once, the rest in turn', async () => {
    const queue = new RunQueue(2, 10);
    const order: number[] = [];
    const gates = [gate(), gate(), gate(), gate()];
    const runs = gates.map((each, i) =>
      queue.run(() => {
        order.push(i);
        return each.promise;
      }),
    );
    await Promise.resolve();
    expect(order).toEqual([0, 1]);
    gates[1]?.resolve();
    await runs[1];
    await Promise.resolve();
    expect(order).toEqual([0, 1, 2]);
    for (const each of gates) each.resolve();
    await Promise.all(runs);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test('a run cancelled while it waits never starts', async () => {
    const queue = new RunQueue(1, 10);
    const first = gate();
    const running = queue.run(() => first.promise);
    const controller = new AbortController();
    let ran = false;
    const waiting = queue.run(async () => {
      ran = true;
    }, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ status: 504 });
    first.resolve();
    await running;
    expect(ran).toBe(false);
    await expect(queue.run(async () => 'next')).resolves.toBe('next');
  });

  test('refuses at once where too many wait', async () => {
    const queue = new RunQueue(1, 1);
    const first = gate();
    const runs = [queue.run(() => first.promise), queue.run(() => first.promise)];
    await expect(queue.run(() => first.promise)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
    first.resolve();
    await Promise.all(runs);
  });

  test('a run that fails gives its place to the next', async () => {
    const queue = new RunQueue(1, 10);
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(async () => 'next');
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('next');
  });
});
