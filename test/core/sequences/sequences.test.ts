import { beforeEach, describe, expect, test } from '@jest/globals';
import { DataPlane } from '../../../src/core/data-plane.ts';
import { modelConfig } from '../../../src/core/model-config.ts';
import { modelMetadata } from '../../../src/core/model-metadata.ts';
import { ModelRepository } from '../../../src/core/model-repository.ts';
import { RunQueue } from '../../../src/core/run-queue.ts';
import { SessionCache } from '../../../src/core/session-cache.ts';
import type { SequenceConfig } from '../../../src/ports/model-store.ts';
import type { InferenceRequest, Parameters } from '../../../src/protocol/inference.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { AddingSessions } from '../../fakes/adding-sessions.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

let store: FakeStore;
let sessions: AddingSessions;
let time: FakeTime;
let dataPlane: DataPlane;

const sequence: SequenceConfig = {
  state: [{ input: 's', output: 'sN' }],
  idleTimeoutMs: 1000,
  maxSequences: 2,
  maxBytes: 100,
};

async function serve(settings: Partial<SequenceConfig> = {}, versions = [1]): Promise<void> {
  store.add('m', versions, { config: { sequence: { ...sequence, ...settings } } });
  await dataPlane.repository.refresh();
}

async function wait(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await time.turn();
}

/** The sums of the answer, or the refusal. */
async function ask(
  values: readonly number[],
  parameters: Parameters,
  more: Partial<InferenceRequest> & { signal?: AbortSignal; reference?: string; caller?: string } = {},
): Promise<number[] | string> {
  const { signal = new AbortController().signal, reference, caller, ...request } = more;
  const inputs = [{ name: 'x', ...floatTensor([values.length, 1], values) }];
  const times = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
  const nothing = () => undefined;
  const context = { times, signal: () => signal, checkDeadline: nothing, checkOutput: nothing, caller };
  try {
    const version = dataPlane.versionFor(dataPlane.repository.resolve('m', reference), reference, parameters, context);
    const answering = dataPlane.infer(version, { inputs, parameters, ...request }, context);
    let isUnderWay = true;
    const over = () => {
      isUnderWay = false;
    };
    answering.then(over, over);
    while (isUnderWay) await time.turn();
    const { outputs, modelVersion } = await answering;
    expect(outputs.map(({ name }) => name)).toEqual(['y']);
    answeredBy = modelVersion;
    return [...new Float32Array((outputs[0] as FixedTensor).data.slice().buffer)];
  } catch (error) {
    return `${(error as ServiceError).status}: ${(error as Error).message}`;
  }
}
let answeredBy = '';

const start = (id: number | string) => ({ sequence_id: id, sequence_start: true });
const on = (id: number | string) => ({ sequence_id: id });
const end = (id: number | string) => ({ sequence_id: id, sequence_end: true });
const notUnderWay = (id: string) =>
  `400: sequence ${id} of model 'm' is not under way: it has not started, or has ended; its first request needs sequence_start: true`;

beforeEach(async () => {
  store = new FakeStore();
  sessions = new AddingSessions();
  time = new FakeTime();
  const cache = new SessionCache(store, sessions.open, time, { maxBytes: 10_000, intraOpThreads: 1 });
  const queue = new RunQueue(4, 10);
  dataPlane = new DataPlane(new ModelRepository(store, cache), cache, queue, time, { timers: time });
  await serve();
});

describe('a sequence', () => {
  test('goes on from request to request, apart from others, until its last', async () => {
    expect(await ask([1], start(7))).toEqual([1]);
    expect(await ask([10], start('7'))).toEqual([10]);
    expect(await ask([2], on(7))).toEqual([3]);
    expect(await ask([20], end('7'))).toEqual([30]);
    expect(await ask([3], on(7))).toEqual([6]);
    expect(await ask([1], on('7'))).toBe(notUnderWay("'7'"));
    expect(await ask([4], { ...start(9), ...end(9) })).toEqual([4]);
    expect(await ask([4], on(9))).toBe(notUnderWay('9'));
  });

  test('has state for the batch of its first request, and takes no other', async () => {
    expect(await ask([1, 2, 3], start(7))).toEqual([1, 2, 3]);
    expect(await ask([1], on(7))).toBe('400: sequence 7 began with a batch of 3, got one of 1');
    expect(await ask([1, 1, 1], on(7))).toEqual([2, 3, 4]);
  });

  test('begins with zeros of the shape that the settings give', async () => {
    await serve({ state: [{ input: 's', output: 'sN', shape: [1, 0] }] });
    expect(await ask([5], start(7))).toEqual([5]);
    expect(sessions.runs.at(-1)?.inputs[1]).toEqual(floatTensor([1, 0], []));
  });

  test('that is begun anew has given up what it was', async () => {
    await ask([1], start(7));
    expect(await ask([2], start(7))).toEqual([2]);
    expect(await ask([2], on(7))).toEqual([4]);
  });

  test('is left as it was by a request that fails, and not begun by one', async () => {
    await ask([1], start(7));
    sessions.fails = true;
    expect(await ask([100], on(7))).toContain('failed');
    expect(await ask([100], start(8))).toContain('failed');
    sessions.fails = false;
    expect(await ask([2], on(7))).toEqual([3]);
    expect(await ask([2], on(8))).toBe(notUnderWay('8'));
  });

  test('runs its requests in the order they came, while others go on', async () => {
    await ask([1], start(7));
    await ask([1], start(8));
    let open = () => {};
    sessions.gate = new Promise<void>((resolve) => (open = resolve));
    const first = ask([2], on(7));
    await wait();
    sessions.gate = Promise.resolve();
    const second = ask([4], on(7));
    const third = ask([8], end(7));
    const tooLate = ask([16], on(7));
    expect(await ask([1], on(8))).toEqual([2]);
    open();
    expect(await Promise.all([first, second, third, tooLate])).toEqual([[3], [7], [15], notUnderWay('7')]);
  });

  const firstOnes: [string, () => void, string][] = [
    ['fails', () => (sessions.fails = true), 'failed'],
    ['is left by its caller', () => leaving.abort(new ServiceError(504, 'the deadline passed')), '504'],
  ];
  let leaving: AbortController;
  test.each(firstOnes)('is not begun for those that wait where its first request %s', async (_case, end, why) => {
    leaving = new AbortController();
    let open = () => {};
    sessions.gate = new Promise<void>((resolve) => (open = resolve));
    const first = ask([1], start(7), { signal: leaving.signal });
    await wait();
    const others = [ask([2], on(7)), ask([3], on(7))];
    await wait();
    end();
    open();
    expect(await first).toContain(why);
    sessions.fails = false;
    expect(await Promise.all(others)).toEqual([notUnderWay('7'), notUnderWay('7')]);
  });

  test('passes over a request whose caller left while it waited', async () => {
    await ask([1], start(7));
    let open = () => {};
    sessions.gate = new Promise<void>((resolve) => (open = resolve));
    const slow = ask([2], on(7));
    await wait();
    const leaving = new AbortController();
    const left = ask([100], on(7), { signal: leaving.signal });
    const last = ask([4], on(7));
    await wait();
    leaving.abort(new ServiceError(504, 'the deadline passed'));
    expect(await left).toBe('504: the deadline passed');
    open();
    expect([await slow, await last]).toEqual([[3], [7]]);
  });
});

describe('a sequence of a caller', () => {
  const alice = { caller: 'alice' };
  const bob = { caller: 'bob' };

  test('is its own: others neither see, reset nor end it by its id', async () => {
    expect(await ask([1000], start(1), alice)).toEqual([1000]);
    expect(await ask([1], on(1), bob)).toBe(notUnderWay('1'));
    expect(await ask([5], start(1), bob)).toEqual([5]);
    expect(await ask([1], on(1), alice)).toEqual([1001]);
    expect(await ask([1], end(1), bob)).toEqual([6]);
    expect(await ask([1], on(1))).toBe(notUnderWay('1'));
    expect(await ask([1], on(1), alice)).toEqual([1002]);
  });

  test('finds room, whatever others have begun', async () => {
    await serve({ maxSequences: 5 });
    for (const id of [1, 2]) expect(await ask([1], start(id), alice)).toEqual([1]);
    const full =
      '503: there is no room for the sequence: 2 sequences are under way, 2 of this key; a key may have no more than it leaves free for others (sequence.maxSequences of model.json)';
    expect(await ask([1], start(3), alice)).toBe(full);
    expect(await ask([1], start(2), alice)).toEqual([1]);
    expect(await ask([1], start(1), bob)).toEqual([1]);
    expect(await ask([1], start(2), bob)).toContain('3 sequences are under way, 1 of this key');
    expect(await ask([1], start(1), { caller: 'carol' })).toEqual([1]);
    expect(await ask([1], on(2), alice)).toEqual([2]);
  });

  test('finds room for its state, and is not ended as others come', async () => {
    await serve({ maxSequences: 9, maxBytes: 40 });
    for (const id of [1, 2]) expect(await ask([1, 1], start(id), alice)).toEqual([1, 1]);
    expect(await ask([1, 1], start(3), alice)).toBe(
      '503: there is no room for the sequence: its state takes 8 bytes, that of others 16, 16 of them of this key, of 40; a key may have no more than it leaves free for others (sequence.maxBytes of model.json)',
    );
    expect(await ask([1, 1, 1, 1], start(1), bob)).toEqual([1, 1, 1, 1]);
    expect(await ask([1, 1], on(1), alice)).toEqual([2, 2]);
    sessions.growth = 1;
    expect(await ask([1, 1], on(1), alice)).toContain('a key may have no more than it leaves free for others');
    expect(await ask([1, 1], on(1), alice)).toBe(notUnderWay('1'));
  });
});

describe('the end of a sequence', () => {
  test('comes when no request did for so long, and says so', async () => {
    await ask([1], start(7));
    await time.pass(999);
    expect(await ask([1], on(7))).toEqual([2]);
    await time.pass(999);
    expect(await ask([1], on(7))).toEqual([3]);
    await time.pass(1000);
    expect(await ask([1], on(7))).toBe(
      "400: sequence 7 of model 'm' was ended, as no request came for 1000 ms (sequence.idleTimeoutMs of model.json); begin it anew with sequence_start: true",
    );
    expect(await ask([1], start(7))).toEqual([1]);
  });

  test('does not come while a request runs', async () => {
    await ask([1], start(7));
    let open = () => {};
    sessions.gate = new Promise<void>((resolve) => (open = resolve));
    const slow = ask([2], on(7));
    await wait();
    await time.pass(5000);
    open();
    expect(await slow).toEqual([3]);
    expect(await ask([1], on(7))).toEqual([4]);
  });

  test('makes room for others', async () => {
    await ask([1], start(1));
    await ask([1], start(2));
    const full =
      '503: there is no room for the sequence: 2 sequences are under way (sequence.maxSequences of model.json)';
    expect(await ask([1], start(3))).toBe(full);
    await ask([1], end(1));
    expect(await ask([1], start(3))).toEqual([1]);
  });

  test('comes where its state takes more than there is', async () => {
    await serve({ maxBytes: 16 });
    expect(await ask([1, 1, 1], start(1))).toEqual([1, 1, 1]);
    expect(await ask([1, 1], start(2))).toBe(
      '503: there is no room for the sequence: its state takes 8 bytes, that of others 12, of 16 (sequence.maxBytes of model.json)',
    );
    expect(await ask([1], start(2))).toEqual([1]);
    sessions.growth = 1;
    expect(await ask([1], on(2))).toContain('503: there is no room for the sequence: its state takes 8 bytes');
    expect(await ask([1], on(2))).toBe(notUnderWay('2'));
    sessions.growth = 0;
    expect(await ask([1], start(3))).toEqual([1]);
  });
});

describe('a request of a model that keeps state is refused', () => {
  const refusals: [string, Parameters, string][] = [
    [
      'without an id',
      {},
      'the model keeps state from request to request: name the sequence by the parameter sequence_id',
    ],
    ['with the id 0', { sequence_id: 0, sequence_start: true }, 'the model keeps state from request to request'],
    ['with an id that is no whole number', start(1.5), "parameter 'sequence_id': expected a whole number from 1 to"],
    ['with an id that is no number or text', { sequence_id: true }, "parameter 'sequence_id': expected a whole number"],
    ['with a text that is too long', start('x'.repeat(129)), 'or a text of at most 128 characters, got "xxx'],
    [
      'with a flag that is none',
      { ...on(7), sequence_end: 1 },
      "parameter 'sequence_end': expected true or false, got 1",
    ],
    [
      'with a parameter that there is not',
      { ...on(7), sequence_begin: true },
      "parameter 'sequence_begin': expected sequence_id, sequence_start or sequence_end",
    ],
    ['before its sequence has started', on(7), notUnderWay('7')],
  ];
  test.each(refusals)('%s', async (_case, parameters, message) => {
    const answer = await ask([1], parameters);
    expect(answer).toContain(message);
    expect(answer).toMatch(/^400/);
  });

  test('where it brings state or asks for it', async () => {
    const x = { name: 'x', ...floatTensor([1, 1], [1]) };
    const s = { name: 's', ...floatTensor([1, 1], [1]) };
    const why = 'is state that the server keeps for each sequence: leave it out; sequence_id names the sequence';
    expect(await ask([1], start(7), { inputs: [x, s] })).toBe(`400: input 's' ${why}`);
    const outputs = [{ name: 'sN', parameters: {} }];
    expect(await ask([1], start(7), { outputs })).toBe(`400: output 'sN' ${why}`);
  });
});

describe('a new version', () => {
  test('takes new sequences; one under way stays with the version that began it, which is held for it', async () => {
    await ask([1], start(7));
    await serve({}, [1, 2]);
    expect(await ask([2], on(7))).toEqual([3]);
    expect(answeredBy).toBe('1');
    expect(await ask([2], on(7), { reference: '2' })).toBe(
      "400: the sequence was begun by version 1 of model 'm', and stays with it; got version 2",
    );
    expect(await ask([2], start(8))).toEqual([2]);
    expect(answeredBy).toBe('2');
    expect(sessions.released).toEqual([]);
    expect(await ask([2], end(7))).toEqual([5]);
    await wait();
    expect(sessions.released).toEqual(['/m/1/model.onnx']);
  });

  test('is not waited for by a model that was unloaded', async () => {
    await ask([1], start(7));
    await dataPlane.repository.unload('m');
    expect(await ask([1], on(7))).toContain("503: model 'm' is unloaded");
    await time.pass(1000);
    expect(sessions.released).toEqual(['/m/1/model.onnx']);
  });
});

describe('what a model tells of its state', () => {
  test('is which tensors the server keeps, which callers need not send', async () => {
    expect(await modelMetadata(dataPlane, 'm')).toMatchObject({
      inputs: [{ name: 'x' }],
      outputs: [{ name: 'y' }],
      parameters: {
        batching: 'off: each request goes on with the state of its sequence (sequence in model.json)',
        sequence_state: [{ input: 's', output: 'sN' }],
      },
    });
    const version = dataPlane.repository.resolve('m');
    expect(modelConfig(version, await dataPlane.signature(version))).toMatchObject({
      max_batch_size: 0,
      input: [{ name: 'x' }],
      sequence_batching: {
        max_sequence_idle_microseconds: 1_000_000,
        oldest: { max_candidate_sequences: 2 },
        state: [{ input_name: 's', output_name: 'sN', data_type: 'TYPE_FP32', dims: [1, -1] }],
      },
    });
  });

  const broken: [string, SequenceConfig['state'], string][] = [
    [
      'an unknown input',
      [{ input: 't', output: 'sN' }],
      "names the input 't', which the model has not; it has 'x', 's'",
    ],
    [
      'an unknown output',
      [{ input: 's', output: 't' }],
      "names the output 't', which the model has not; it has 'y', 'sN'",
    ],
    ['another shape', [{ input: 's', output: 'sN', shape: [2, 1] }], "shape [2,1] does not fit input 's'"],
    [
      'the same twice',
      [
        { input: 's', output: 'sN' },
        { input: 'x', output: 'sN' },
      ],
      "names 'sN' twice",
    ],
  ];
  test.each(broken)('is why it does not load where its settings name %s', async (_case, state, message) => {
    store.add('broken', [1], { config: { sequence: { ...sequence, state } } });
    await dataPlane.repository.refresh();
    expect(dataPlane.repository.whyModelNotReady('broken')).toContain(`model.json: sequence.state`);
    expect(dataPlane.repository.whyModelNotReady('broken')).toContain(message);
  });
});
