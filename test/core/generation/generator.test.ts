import { beforeEach, describe, expect, test } from '@jest/globals';
import type { GeneratedToken, GenerationSettings } from '../../../src/core/generation/generation.ts';
import { Generator, type GeneratorOptions } from '../../../src/core/generation/generator.ts';
import type { TokenStream } from '../../../src/core/generation/token-stream.ts';
import { RunQueue } from '../../../src/core/run-queue.ts';
import { systemTimers } from '../../../src/core/system-timers.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeDecoder } from '../../fakes/fake-decoder.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { generationSettings } from '../../fakes/generation-settings.ts';

const long = (first: number, length = 100) => Array.from({ length }, (_, index) => (first + index * 7) % 100);

describe('Generator', () => {
  let decoder: FakeDecoder;
  let generator: Generator;
  let turns: RunQueue;
  let clock: FakeClock;

  const counts = { prompt: 0, found: 0, generated: 0 };
  const options: GeneratorOptions = {
    maxSequences: 8,
    maxWaiting: 8,
    sharesRuns: true,
    pieceTokens: undefined,
    counts,
  };
  const open = (changed: Partial<GeneratorOptions> = {}, timers = systemTimers) => {
    turns = new RunQueue(1, 100);
    clock = new FakeClock();
    generator = new Generator(decoder, turns, clock, timers, { ...options, ...changed });
  };
  const begin = (
    prompt: readonly number[],
    settings: Partial<GenerationSettings> = {},
    signal = new AbortController().signal,
  ) => generator.generate(prompt, generationSettings(settings), signal);
  const tokensOf = async (stream: AsyncIterable<GeneratedToken>) => {
    const found: number[] = [];
    for await (const { token } of stream) found.push(token);
    return found;
  };
  const expected = (prompt: readonly number[], count = 10) => {
    const tokens = [...prompt];
    while (tokens.length < prompt.length + count) tokens.push(FakeDecoder.after(tokens));
    return tokens.slice(prompt.length);
  };

  beforeEach(() => {
    decoder = new FakeDecoder();
    Object.assign(counts, { prompt: 0, found: 0, generated: 0 });
    open();
  });

  test('reads a prompt, then goes on token by token, each in a run', async () => {
    expect(await tokensOf(begin([1, 2, 3], { maxTokens: 3 }))).toEqual(expected([1, 2, 3], 3));
    const [first, second] = expected([1, 2, 3]);
    expect(decoder.runs).toEqual([[[1, 2, 3]], [[first]], [[second]]]);
  });

  test('the last token says why it is the last: as many as were wanted, an end token, or what the model takes', async () => {
    const finishes = async (settings: Partial<GenerationSettings>, prompt = [1, 2, 3]) => {
      const found = [];
      for await (const { finish } of begin(prompt, settings)) found.push(finish);
      return found;
    };
    expect(await finishes({ maxTokens: 2 })).toEqual([undefined, 'length']);
    expect(await finishes({ endTokens: [expected([1, 2, 3])[1] as number] })).toEqual([undefined, 'stop']);
    decoder = new FakeDecoder(5);
    open();
    expect(await finishes({})).toEqual([undefined, 'length']);
  });

  test('each text that came to its end is told once, by its tokens; none that failed, or whose caller is gone', async () => {
    const told: number[][] = [];
    open({ onText: (...tokens) => told.push(tokens) });
    await tokensOf(begin([1, 2, 3], { maxTokens: 2 }));
    await tokensOf(begin([1, 2, 3], { endTokens: [expected([1, 2, 3])[1] as number] }));
    await tokensOf(begin([1, 2, 3], { endTokens: [expected([1, 2, 3])[0] as number] }));
    // As of a stop, which a caller finds.
    const enough = begin([4, 5]);
    await enough.next();
    await enough.return();
    await begin([6]).return();
    const gone = new AbortController();
    const left = begin([7], {}, gone.signal);
    await left.next();
    gone.abort();
    await expect(tokensOf(left)).rejects.toThrow();
    await expect(tokensOf(begin([]))).rejects.toThrow();
    expect(told).toEqual([
      [3, 2],
      [3, 1],
      [3, 0],
      [2, 1],
    ]);
  });

  describe('short steps, done on the calling thread', () => {
    beforeEach(() => {
      decoder.isShort = true;
    });

    test('give each caller what it gets alone, and other work its turn between them', async () => {
      let turns = 0;
      let hasEnded = false;
      const turn = () => {
        turns += 1;
        if (!hasEnded) setImmediate(turn);
      };
      setImmediate(turn);
      const [one, two] = await Promise.all([tokensOf(begin([1, 2])), tokensOf(begin([3]))]);
      hasEnded = true;
      expect([one, two]).toEqual([expected([1, 2]), expected([3])]);
      expect(turns).toBeGreaterThanOrEqual(10);
    });

    test('one that fails fails its callers alone; who leaves between two is let go of', async () => {
      decoder.failing.add(expected([1, 2])[3] as number);
      await expect(tokensOf(begin([1, 2]))).rejects.toThrow('failed');
      const stream = begin([3]);
      await stream.next();
      await stream.return();
      expect(await tokensOf(begin([4]))).toEqual(expected([4]));
      generator.close();
      expect(decoder.bytes).toBe(0);
    });
  });

  test('nothing is done before the first token is asked for', async () => {
    const stream = begin([1]);
    await new Promise(setImmediate);
    expect(decoder.runs).toEqual([]);
    await stream.return();
  });

  test('those who come while others are gone on with share their runs, and each gets what it gets alone', async () => {
    const prompts = [[1, 2, 3], [4], long(5), [6, 7], [8, 9]];
    const found = await Promise.all(prompts.map((prompt) => tokensOf(begin(prompt))));
    expect(found).toEqual(prompts.map((prompt) => expected(prompt)));
    expect(Math.max(...decoder.runs.map((run) => run.length))).toBe(5);
    expect(decoder.runs.length).toBeLessThan(25);
  });

  test('a long prompt is read in pieces between the steps of others', async () => {
    const first = begin([1, 2], { maxTokens: 100 });
    await first.next();
    const second = tokensOf(begin(long(3, 300), { maxTokens: 2 }));
    for (let count = 0; count < 8; count += 1) await first.next();
    await first.return();
    expect(await second).toEqual(expected(long(3, 300), 2));
    const pieces = decoder.runs.map(([tokens]) => tokens?.length ?? 0);
    expect(pieces.filter((length) => length > 2)).toEqual([64, 64, 64, 64, 44]);
    expect(pieces.lastIndexOf(64) - pieces.indexOf(64)).toBe(6);
  });

  test('no more than maxSequences share runs; the others wait', async () => {
    open({ maxSequences: 2 });
    await Promise.all([1, 2, 3, 4].map((token) => tokensOf(begin([token]))));
    expect(Math.max(...decoder.runs.map((run) => run.length))).toBe(2);
  });

  test('where runs are not shared, sequences take their steps in turns', async () => {
    open({ sharesRuns: false });
    const prompts = [[1, 2, 3], [4], [5, 6]];
    const found = await Promise.all(prompts.map((prompt) => tokensOf(begin(prompt, { maxTokens: 20 }))));
    expect(found).toEqual(prompts.map((prompt) => expected(prompt, 20)));
    expect(decoder.runs.every((run) => run.length === 1)).toBe(true);
    const last = (token: number | undefined) => decoder.runs.findLastIndex(([tokens]) => tokens?.[0] === token);
    expect(Math.abs(last(found[0]?.at(-2)) - last(found[2]?.at(-2)))).toBeLessThan(4);
  });

  describe('by how long steps take', () => {
    const callers = Array.from({ length: 8 }, (_, index) => [index + 1, index + 2]);
    const tokensEach = 250;
    /**
     * Has all callers go on, where a step of so many takes so long; gives the share of tokens that came of each size of
     * step, and the time for all.
     */
    const sharing = async (msOf: (sequences: number) => number) => {
      const shares: number[] = new Array(callers.length + 1).fill(0);
      const made = callers.map(() => 0);
      decoder.onStep = (sequences) => {
        shares[sequences] = (shares[sequences] as number) + sequences / (callers.length * tokensEach);
        clock.ms += msOf(sequences);
      };
      const goOn = async (prompt: readonly number[], caller: number) => {
        for await (const _token of begin(prompt, { maxTokens: tokensEach })) {
          made[caller] = (made[caller] as number) + 1;
          if (Math.min(...made) > 0) expect(Math.max(...made) - Math.min(...made)).toBeLessThan(20);
        }
      };
      await Promise.all(callers.map(goOn));
      return { shares, ms: clock.ms };
    };

    test('all share a step where that is quicker than steps of half of them', async () => {
      const { shares } = await sharing((sequences) => 1 + 0.2 * sequences);
      expect(shares[8]).toBeGreaterThan(0.9);
    });

    test('where steps take more time for each, the more share them, callers take them one by one, no slower than one after another', async () => {
      const { shares, ms } = await sharing((sequences) => sequences ** 1.5);
      expect(shares[1]).toBeGreaterThan(0.9);
      expect(ms).toBeLessThan(1.1 * callers.length * tokensEach);
    });

    test('as many share a step as it is quickest for', async () => {
      const { shares } = await sharing((sequences) => (sequences > 4 ? 2 : 0.5) * sequences + 1);
      expect(shares[4]).toBeGreaterThan(0.9);
    });

    test('what steps take is learnt anew: all share them again once that is quicker', async () => {
      const { shares } = await sharing((sequences) => (clock.ms < 400 ? sequences ** 2 : 1 + 0.2 * sequences));
      expect(shares[1]).toBeGreaterThan(0.2);
      expect(shares[8]).toBeGreaterThan(0.1);
    });
  });

  test('what was found is handed on before the next run begins', async () => {
    const time = new FakeTime();
    open({}, time as never);
    const stream = begin([1, 2, 3]);
    expect((await stream.next()).value).toMatchObject({ token: expected([1, 2, 3])[0] });
    const second = stream.next();
    await new Promise(setImmediate);
    expect(decoder.runs).toHaveLength(1);
    await time.turn();
    expect((await second).value).toMatchObject({ token: expected([1, 2, 3])[1] });
  });

  test('runs take turns with those of others', async () => {
    const order: string[] = [];
    const beginRun = (ended: () => void) => {
      order.push(`other ${decoder.runs.length}`);
      setImmediate(ended);
      return true;
    };
    const other = { runsAtOnce: 1, isWaiting: true, beginRun };
    const stream = begin([1], { maxTokens: 4 });
    const tokens = tokensOf(stream);
    turns.ask(other);
    await tokens;
    other.isWaiting = false;
    for (let run = 1; run <= 3; run += 1) expect(order).toContain(`other ${run}`);
  });

  test('a caller who leaves ends the run under way where nobody else shares it, and its cache is let go of', async () => {
    decoder.cacheBytes = 1000;
    const stream = begin([1, 2, 3]);
    await stream.next();
    decoder.gate = new Promise(() => undefined);
    const pending = stream.next();
    await new Promise(setImmediate);
    expect(decoder.isUnderWay).toBe(true);
    await stream.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    await new Promise(setImmediate);
    expect(decoder.isUnderWay).toBe(false);
    expect(decoder.bytes).toBe(0);
    expect(generator.isBusy).toBe(false);
  });

  test('a caller who leaves does not disturb others in the same run', async () => {
    const [leaving, staying] = [begin([1]), begin([2])];
    const [, rest] = await Promise.all([leaving.next(), staying.next()]);
    await leaving.return();
    expect([rest.value?.token, ...(await tokensOf(staying))]).toEqual(expected([2]));
  });

  test('a signal ends the work, with its reason where that is for callers', async () => {
    const controller = new AbortController();
    const stream = begin([1], {}, controller.signal);
    await stream.next();
    controller.abort();
    await expect(stream.next()).rejects.toMatchObject({ status: 504 });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await expect(begin([1], {}, AbortSignal.abort()).next()).rejects.toMatchObject({ status: 504 });
    expect(decoder.runs.length).toBeLessThan(4);
  });

  test('a run that fails fails its callers alone', async () => {
    decoder.failing.add(50);
    const [failing, other] = await Promise.allSettled([tokensOf(begin([50, 51])), tokensOf(begin([1]))]);
    expect([failing.status, other]).toEqual(['rejected', { status: 'fulfilled', value: expected([1]) }]);
    expect(await tokensOf(begin([3]))).toEqual(expected([3]));
  });

  test('a run that makes no progress is given up', async () => {
    let giveUp: (error: ServiceError) => void = () => undefined;
    let ended = 0;
    const end = () => {
      ended += 1;
    };
    open({
      watch: (how) => {
        giveUp = how;
        return { isGivenUp: () => false, end };
      },
    });
    decoder.gate = new Promise(() => undefined);
    const pending = tokensOf(begin([1]));
    await new Promise(setImmediate);
    giveUp(new ServiceError(504, 'no progress'));
    await expect(pending).rejects.toMatchObject({ status: 504, message: 'no progress' });
    await new Promise(setImmediate);
    decoder.gate = Promise.resolve();
    expect(await tokensOf(begin([2], { maxTokens: 2 }))).toEqual(expected([2], 2));
    expect(ended).toBe(3);
  });

  test('a constraint that fails fails its own sequence, and each is released once', async () => {
    const released: string[] = [];
    const constraint = (name: string, allowed: () => undefined) => ({
      allowed,
      accept: () => undefined,
      release: () => void released.push(name),
    });
    const broken = constraint('broken', () => {
      throw new Error('no grammar');
    });
    const whole = constraint('whole', () => undefined);
    const unbegun = begin([9], { constraint: constraint('unbegun', () => undefined) });
    const [first, second] = await Promise.allSettled([
      tokensOf(begin([1], { constraint: broken })),
      tokensOf(begin([2], { constraint: whole })),
    ]);
    await unbegun.return();
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    expect(released.sort()).toEqual(['broken', 'unbegun', 'whole']);
  });

  describe('prompts that begin as others did', () => {
    test('a conversation goes on in the cache that it had', async () => {
      const prompt = long(1);
      const answer = await tokensOf(begin(prompt));
      decoder.runs.length = 0;
      const whole = [...prompt, ...answer, 77, 78];
      expect(await tokensOf(begin(whole))).toEqual(expected(whole));
      // The last token of the answer was in no cache yet.
      expect(decoder.runs[0]).toEqual([[answer.at(-1), 77, 78]]);
      expect(decoder.forks).toEqual([]);
    });

    test('a part that is shared is copied, also from one that is under way', async () => {
      const shared = long(1, 50);
      await tokensOf(begin([...shared, 1]));
      expect(await tokensOf(begin([...shared, 2]))).toEqual(expected([...shared, 2]));
      expect(decoder.forks).toEqual([50]);
      const first = begin([...long(3, 60), 1], { maxTokens: 50 });
      await first.next();
      expect(await tokensOf(begin([...long(3, 60), 2]))).toEqual(expected([...long(3, 60), 2]));
      expect(decoder.forks).toEqual([50, 60]);
      await first.return();
    });

    test('the same prompt again reads its last token alone', async () => {
      const prompt = long(1);
      await tokensOf(begin(prompt));
      decoder.runs.length = 0;
      Object.assign(counts, { prompt: 0, found: 0, generated: 0 });
      expect(await tokensOf(begin(prompt))).toEqual(expected(prompt));
      expect(decoder.runs[0]).toEqual([[prompt.at(-1)]]);
      expect(counts).toEqual({ prompt: 100, found: 99, generated: 10 });
    });

    test('no more than 256 are kept', async () => {
      decoder.cacheBytes = 1e9;
      for (let number = 0; number < 300; number += 1) {
        await tokensOf(begin([number % 100, Math.floor(number / 100), ...long(1, 20)], { maxTokens: 1 }));
      }
      expect(decoder.bytes).toBe(256 * 22 * decoder.bytesPerToken);
    });

    test('what was used longest ago goes first where room is wanted', async () => {
      decoder.cacheBytes = 10 * 400;
      for (const first of [1, 2]) await tokensOf(begin(long(first)));
      await tokensOf(begin(long(1)));
      await tokensOf(begin(long(3, 150)));
      decoder.runs.length = 0;
      await tokensOf(begin(long(1)));
      await tokensOf(begin(long(2)));
      expect(decoder.runs[0]?.[0]).toHaveLength(1);
      expect(decoder.runs[10]?.[0]).toHaveLength(100);
    });
  });

  describe('prompts that begin alike, at once', () => {
    const shared = long(1, 1000).map((token) => token % 90);
    const prompts = [1, 2, 3, 4, 5, 6, 7, 8].map((last) => [...shared, last]);
    const settings = { maxTokens: 4 };
    beforeEach(() => {
      decoder = new FakeDecoder(2000);
      open();
    });

    test('what they share is read once', async () => {
      const found = await Promise.all(prompts.map((prompt) => tokensOf(begin(prompt, settings))));
      expect(found).toEqual(prompts.map((prompt) => expected(prompt, 4)));
      expect(decoder.tokensRead).toBe(1000 + 8 * 4);
      expect(decoder.forks).toEqual(Array(7).fill(1000));
      expect(counts.found).toBe(7 * 1000);
    });

    test('where the one that reads it leaves, the next goes on where it was', async () => {
      const [first, ...others] = prompts.map((prompt) => begin(prompt, settings)) as [TokenStream, ...TokenStream[]];
      const firsts = first.next();
      const found = Promise.all(others.map(tokensOf));
      while (decoder.runs.length < 2) await new Promise(setImmediate);
      await first.return();
      await firsts;
      expect(await found).toEqual(prompts.slice(1).map((prompt) => expected(prompt, 4)));
      expect(decoder.tokensRead).toBeLessThan(1000 + 512 + 8 * 4);
    });

    test('one that fails fails alone', async () => {
      decoder.failing.add(99);
      const failing = tokensOf(begin([...shared, 99], settings));
      const found = Promise.all(prompts.map((prompt) => tokensOf(begin(prompt, settings))));
      await expect(failing).rejects.toThrow('failed');
      expect(await found).toEqual(prompts.map((prompt) => expected(prompt, 4)));
    });

    test('who shares nothing does not wait for them', async () => {
      const [first, second] = [tokensOf(begin(prompts[0] as number[])), tokensOf(begin(prompts[1] as number[]))];
      expect(await tokensOf(begin([7, 8], { maxTokens: 2 }))).toEqual(expected([7, 8], 2));
      expect(decoder.runs.length).toBeLessThan(8);
      await Promise.all([first, second]);
    });
  });

  describe('where what a run gives depends on all that share it', () => {
    const prompts = [long(1, 190), long(2, 190), [...long(1, 150), 5, 6], long(1, 64)];
    const alone = async (prompt: readonly number[], maxTokens = 20) => {
      open({ sharesRuns: false, pieceTokens: 64 });
      const tokens = await tokensOf(begin(prompt, { maxTokens }));
      generator.close();
      return tokens;
    };
    const all: number[][] = [];
    beforeEach(async () => {
      decoder.mixesTokens = true;
      all.length = 0;
      for (const prompt of prompts) all.push(await alone(prompt));
      decoder.runs.length = 0;
      open({ sharesRuns: false, pieceTokens: 64 });
    });

    test('a text is gone on with alike each time, and what it shares with others is had in whole pieces', async () => {
      Object.assign(counts, { prompt: 0, found: 0, generated: 0 });
      for (const [index, prompt] of [...prompts.entries(), ...prompts.entries()]) {
        expect(await tokensOf(begin(prompt, { maxTokens: 20 }))).toEqual(all[index]);
      }
      // Of the last one its last piece is read anew, as its logits are wanted.
      expect(counts.found).toBe(128 + 128 + 128 + 128);
    });

    test('beside others as alone', async () => {
      const others = [1, 2].map((token) => tokensOf(begin([token], { maxTokens: 100 })));
      const found = await Promise.all(prompts.map((prompt) => tokensOf(begin(prompt, { maxTokens: 20 }))));
      expect(found).toEqual(all);
      await Promise.all(others);
    });

    test('after it was turned away as before', async () => {
      decoder.cacheBytes = 10 * 450;
      const found = await Promise.all(
        [0, 1].map((index) => tokensOf(begin(prompts[index] as number[], { maxTokens: 150 }))),
      );
      expect(decoder.tokensRead).toBeGreaterThan(2 * (190 + 149));
      expect(decoder.mostBytes).toBeLessThanOrEqual(10 * 450);
      generator.close();
      for (const [index, tokens] of found.entries()) {
        expect(await alone(prompts[index] as number[], 150)).toEqual(tokens);
      }
    });
  });

  test('where a run takes one token behind a cache, a prompt is read at once, also where it was before', async () => {
    decoder.takesOneBehindCache = true;
    decoder.cacheBytes = 10 * 450;
    open({ pieceTokens: Number.POSITIVE_INFINITY });
    const prompts = [long(1, 190), [...long(1, 150), 5, 6], long(1, 20)];
    const ask = () => Promise.all(prompts.map((prompt) => tokensOf(begin(prompt, { maxTokens: 100 }))));
    for (let count = 0; count < 2; count += 1) {
      expect(await ask()).toEqual(prompts.map((prompt) => expected(prompt, 100)));
    }
    // Some were turned away, and none kept for others.
    expect(decoder.tokensRead).toBeGreaterThan(2 * (190 + 152 + 20 + 3 * 99));
    expect([counts.found, decoder.bytes]).toEqual([0, 0]);
  });

  describe('the budget for caches', () => {
    test('who finds no room waits for it', async () => {
      decoder.cacheBytes = 10 * 300;
      const prompts = [1, 2, 3, 4, 5].map((first) => long(first));
      const found = await Promise.all(prompts.map((prompt) => tokensOf(begin(prompt))));
      expect(found).toEqual(prompts.map((prompt) => expected(prompt)));
      expect(decoder.mostBytes).toBeLessThanOrEqual(10 * 300);
    });

    test('where those under way outgrow it, the one that came last is read anew', async () => {
      decoder.cacheBytes = 10 * 200;
      const found = await Promise.all([1, 2].map((token) => tokensOf(begin([token], { maxTokens: 150 }))));
      expect(found).toEqual([1, 2].map((token) => expected([token], 150)));
      expect(decoder.mostBytes).toBeLessThanOrEqual(10 * 200);
    });

    test('one that was turned away waits until another has ended, whatever sizes memory comes in', async () => {
      decoder.widthOf = (tokens) => Math.max(64, 2 ** Math.ceil(Math.log2(tokens)));
      decoder.cacheBytes = 10 * 1100;
      const prompts = [long(1, 450), long(2, 450)];
      const found = await Promise.all(prompts.map((prompt) => tokensOf(begin(prompt, { maxTokens: 120 }))));
      expect(found).toEqual(prompts.map((prompt) => expected(prompt, 120)));
      expect(decoder.mostBytes).toBeLessThanOrEqual(10 * 1100);
      // What the second one had is read once more.
      expect(decoder.tokensRead).toBeLessThan(2 * (450 + 120) + 450 + 120);
    });

    test('nobody is admitted whose memory, as it comes, has no room', async () => {
      decoder.widthOf = (tokens) => Math.min(1000, 2 ** Math.ceil(Math.log2(tokens)));
      decoder.cacheBytes = 10 * 1000;
      const asked = [
        tokensOf(begin(long(1, 300), { maxTokens: 150 })),
        tokensOf(begin(long(3, 300), { maxTokens: 40 })),
      ];
      expect(await Promise.all(asked)).toEqual([expected(long(1, 300), 150), expected(long(3, 300), 40)]);
      expect(decoder.tokensRead).toBe(300 + 149 + 300 + 39);
      expect(decoder.mostBytes).toBeLessThanOrEqual(10 * 1000);
    });

    test('who waits for room copies nothing before there is some', async () => {
      decoder.cacheBytes = 10 * 460;
      const prompts = [long(1, 300), [...long(1, 199), 5]];
      const first = begin(prompts[0] as number[], { maxTokens: 120 });
      const token = (await first.next()).value?.token;
      const second = tokensOf(begin(prompts[1] as number[], { maxTokens: 60 }));
      expect([token, ...(await tokensOf(first))]).toEqual(expected(prompts[0] as number[], 120));
      expect(await second).toEqual(expected(prompts[1] as number[], 60));
      expect(decoder.forks).toEqual([199]);
      expect(decoder.tokensRead).toBe(300 + 119 + 1 + 59);
      expect(decoder.mostBytes).toBeLessThanOrEqual(10 * 460);
    });

    test('a sequence ends where there is room for no more', async () => {
      decoder.cacheBytes = 10 * 20;
      expect(await tokensOf(begin([1], { maxTokens: 100 }))).toHaveLength(19);
    });

    test('a prompt that never fits is refused, with both numbers', async () => {
      decoder.cacheBytes = 10 * 20;
      await expect(begin(long(1)).next()).rejects.toMatchObject({
        status: 400,
        message:
          'the prompt has 100 tokens, and the room for caches (task.cacheBytes) is for 20 of the 1000 that the model takes, prompt and answer together: shorten it to 19 at most',
      });
    });

    test('one too many to wait is refused', async () => {
      open({ maxWaiting: 2, maxSequences: 1 });
      const streams = [1, 2, 3, 4].map((token) => begin([token]));
      const firsts = streams.map((stream) => stream.next());
      const results = await Promise.allSettled(firsts.slice(0, 4).map((first) => first));
      const refused = results.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject([{ reason: { status: 503, retryAfterSeconds: 1 } }]);
      await Promise.all(streams.map((stream) => stream.return()));
    });
  });

  test.each([
    ['of no tokens', [], 'the prompt has no tokens: send at least one'],
    ['with a token that there is not', [1, 100], 'expected tokens from 0 to 99 in the prompt, got 100'],
    ['with a token below 0', [-1], 'expected tokens from 0 to 99 in the prompt, got -1'],
    [
      'that is too long',
      long(1, 1000),
      'the prompt has 1000 tokens, and the model takes 1000, prompt and answer together: shorten it to 999 at most',
    ],
  ])('refuses a prompt %s', async (_name, prompt, message) => {
    await expect(begin(prompt).next()).rejects.toMatchObject({ status: 400, message });
  });

  test('once closed it holds nothing, and refuses', async () => {
    await tokensOf(begin(long(1)));
    expect(decoder.bytes).toBeGreaterThan(0);
    generator.close();
    expect(decoder.bytes).toBe(0);
    await expect(begin([1]).next()).rejects.toMatchObject({ status: 503 });
  });
});
