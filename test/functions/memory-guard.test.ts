import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryGuard } from '../../functions/memory-guard.ts';

/** A process that holds models and what no model accounts for. */
class FakeProcess {
  models: number[] = [];
  rest = 10;
  exits = 0;
  readonly said: object[] = [];

  readonly guard = new MemoryGuard({
    maxBytes: 100,
    heldBytes: () => this.models.reduce((sum, bytes) => sum + bytes, this.rest),
    releaseIdle: async (isEnough) => {
      while (this.models.length > 1 && !isEnough()) this.models.shift();
    },
    exit: () => {
      this.exits += 1;
    },
    warn: (fields) => this.said.push(fields),
  });
}

describe('MemoryGuard', () => {
  let process: FakeProcess;
  beforeEach(() => {
    process = new FakeProcess();
  });

  test('leaves an environment within its memory as it is', async () => {
    process.models = [45, 45];
    await process.guard.relieve();
    await process.guard.renew();
    expect(process).toMatchObject({ models: [45, 45], exits: 0, said: [] });
  });

  test('lets go of idle models until there is room, and no more', async () => {
    process.models = [40, 30, 40];
    await process.guard.relieve();
    expect(process).toMatchObject({ models: [30, 40], said: [{ before: 120, after: 80, maxBytes: 100 }] });
  });

  test('never ends after an answer, for the next request would meet a process that is gone', async () => {
    process.rest = 500;
    await process.guard.relieve();
    expect(process.exits).toBe(0);
  });

  test('ends in a warm-up event, but only where letting go of models was not enough', async () => {
    process.models = [60, 60];
    await process.guard.renew();
    expect(process).toMatchObject({ models: [60], exits: 0 });
    process.rest = 500;
    await process.guard.renew();
    expect(process.exits).toBe(1);
  });
});
