import { beforeEach, describe, expect, test } from '@jest/globals';
import { Freshness } from '../../functions/freshness.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

describe('Freshness', () => {
  let clock: FakeClock;
  let looks: number;
  let look: () => Promise<void>;
  let freshness: Freshness;
  const failing = async () => {
    throw new Error('S3 is down');
  };

  beforeEach(() => {
    clock = new FakeClock();
    looks = 0;
    look = async () => undefined;
    const refresh = () => {
      looks += 1;
      return look();
    };
    freshness = new Freshness(refresh, clock, { refreshMs: 30_000, patienceMs: 1 });
  });

  test('looks once for all requests of 30 s, counted from when the look began', async () => {
    look = async () => {
      clock.ms += 5000;
    };
    await Promise.all([freshness.ensure(), freshness.ensure(), freshness.complete()]);
    clock.ms = 29_999;
    await freshness.ensure();
    expect(looks).toBe(1);
    clock.ms = 30_000;
    await freshness.ensure();
    expect(looks).toBe(2);
  });

  test('a request fails only where nothing is known yet, and the next one looks again', async () => {
    look = failing;
    await expect(freshness.ensure()).rejects.toThrow('S3 is down');
    await expect(freshness.ensure()).rejects.toThrow('S3 is down');
    look = async () => undefined;
    await freshness.ensure();
    expect(looks).toBe(3);
  });

  test('what is known goes on serving where the store fails, and requests do not ask it each time', async () => {
    await freshness.ensure();
    look = failing;
    clock.ms = 30_000;
    for (let i = 0; i < 5; i += 1) await freshness.ensure();
    expect(looks).toBe(2);
    clock.ms = 60_000;
    await freshness.ensure();
    expect(looks).toBe(3);
  });

  test('what is known goes on serving where a look takes its time; a warm-up waits for all of it', async () => {
    await freshness.ensure();
    let end: () => void = () => undefined;
    look = () =>
      new Promise((resolve) => {
        end = resolve;
      });
    clock.ms = 30_000;
    await freshness.ensure();
    await freshness.ensure();
    let isComplete = false;
    const complete = freshness.complete().then(() => {
      isComplete = true;
    });
    await freshness.ensure();
    expect({ looks, isComplete }).toEqual({ looks: 2, isComplete: false });
    end();
    await complete;
    expect(isComplete).toBe(true);
  });
});
