import { beforeEach, describe, expect, test } from '@jest/globals';
import { RunQueue, type RunSource } from '../../src/core/run-queue.ts';

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

  describe('turns', () => {
    /** A source of `count` runs, which tells of each that began. */
    class Source implements RunSource {
      readonly runsAtOnce: number;
      readonly #name: string;
      #left: number;

      constructor(name: string, count: number, runsAtOnce = 10) {
        this.#name = name;
        this.#left = count;
        this.runsAtOnce = runsAtOnce;
      }

      get isWaiting(): boolean {
        return this.#left > 0;
      }

      beginRun(ended: () => void): boolean {
        if (this.#left === 0) return false;
        this.#left -= 1;
        began.push(this.#name);
        ends.push(ended);
        return true;
      }
    }
    let began: string[] = [];
    let ends: (() => void)[] = [];
    beforeEach(() => {
      began = [];
      ends = [];
    });
    const endNext = async () => {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };

    test('alternate between those that wait, however much each has', async () => {
      const queue = new RunQueue(1, 10);
      queue.ask(new Source('a', 5));
      queue.ask(new Source('b', 2));
      queue.ask(new Source('c', 1));
      for (let ended = 0; ended < 8; ended += 1) await endNext();
      expect(began.join('')).toBe('aabcabaa');
    });

    test('go first to what has the fewest runs under way', async () => {
      const queue = new RunQueue(2, 10);
      queue.ask(new Source('a', 5));
      queue.ask(new Source('b', 5));
      expect(began.join('')).toBe('aa');
      await endNext();
      expect(began.join('')).toBe('aab');
    });

    test('leave places to others that a source may not take', async () => {
      const queue = new RunQueue(3, 10);
      queue.ask(new Source('a', 4, 2));
      expect(began.join('')).toBe('aa');
      queue.ask(new Source('b', 1));
      expect(began.join('')).toBe('aab');
      await endNext();
      expect(began.join('')).toBe('aaba');
    });

    test('pass over a source that has nothing to run after all', async () => {
      const queue = new RunQueue(1, 10);
      const source = new Source('a', 1);
      queue.ask(source);
      queue.ask(source);
      await endNext();
      queue.ask(new Source('b', 1));
      expect(began.join('')).toBe('ab');
    });
  });
});
