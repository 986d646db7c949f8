import { beforeEach, describe, expect, test } from '@jest/globals';
import { DataPlane } from '../../src/core/data-plane.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { inferRoute } from '../../src/http/infer-route.ts';
import type { Handler } from '../../src/http/router.ts';
import type { Run, Session, SessionOutput } from '../../src/ports/session.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
const specs: TensorSpec[] = [
  { name: 'y', datatype: 'FP32', shape: [-1, 2] },
  { name: 'half', datatype: 'FP16', shape: [-1, 2] },
  { name: 'text', datatype: 'BYTES', shape: [-1] },
];

describe('the infer route', () => {
  let clock: FakeClock;
  let store: FakeStore;
  let dataPlane: DataPlane;
  let handle: Handler;
  let gone: AbortController;
  let runs: number;
  let loading: Promise<void>;
  let inputs: TensorSpec[];
  let outputs: TensorSpec[];

  const session = (): Session => {
    const runSync = ({ outputNames }: Run) => {
      runs += 1;
      return outputNames.map((name): SessionOutput => {
        const datatype = outputs.find((output) => output.name === name)?.datatype;
        if (datatype === 'BYTES') return { datatype, shape: [1], data: [Uint8Array.of(255)] };
        return datatype === 'FP16'
          ? { datatype, shape: [1, 2], data: new Uint8Array(4) }
          : floatTensor([1, 2], [0.1, 2]);
      });
    };
    return {
      inputs,
      outputs,
      unservable: [],
      runSync,
      run: async (run) => runSync(run),
      release: async () => undefined,
    };
  };

  beforeEach(async () => {
    clock = new FakeClock();
    store = new FakeStore();
    store.add('m');
    gone = new AbortController();
    loading = Promise.resolve();
    inputs = [x];
    outputs = specs.slice(0, 1);
    const open = async () => {
      await loading;
      return session();
    };
    const cache = new SessionCache(store, open, clock, { maxBytes: 10_000, intraOpThreads: 1 });
    dataPlane = new DataPlane(new ModelRepository(store, cache), cache, new RunQueue(1, 10), clock);
    handle = inferRoute(dataPlane, defaultLimits, clock);
  });
  const start = async (load: 'start' | 'first-use' = 'start') => {
    store.add('m', [1], { config: { load } });
    await dataPlane.repository.refresh();
    runs = 0;
  };

  const input = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
  const post = async (body: object | Uint8Array, headers: Record<string, string> = {}) => {
    const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const request = { method: 'POST', path: '/', headers, body: bytes, requestId: 'r', gone: () => gone.signal };
    return handle(request, ['m']);
  };
  const statistics = () => {
    const json = JSON.parse(JSON.stringify(dataPlane.repository.resolve('m').statistics));
    const { success, fail } = json.inference_stats;
    return [success.count, fail.count, json.execution_count, json.inference_count];
  };

  test('every request counts once: answered, refused before the run, or after it', async () => {
    await start();
    await post({ inputs: [input] });
    expect(statistics()).toEqual([1, 0, 1, 1]);
    const refused: [object | Uint8Array, Record<string, string>?][] = [
      [Buffer.from('{"inputs":')],
      [{ inputs: [input] }, { 'content-type': 'image/png' }],
      [{ inputs: [input] }, { 'inference-header-content-length': 'x' }],
      [{ inputs: [input] }, { 'x-request-timeout-ms': 'soon' }],
      [{ inputs: [{ ...input, shape: [2, 1] }] }],
      [{ inputs: [input], outputs: [{ name: 'z' }] }],
      [{ inputs: [input], outputs: [{ name: 'y', parameters: { binary_data: 'x' } }] }],
      [{ inputs: [input], outputs: [{ name: 'y', parameters: { classification: -1 } }] }],
      [{ inputs: [input], parameters: { binary_data_output: 1 } }],
    ];
    for (const [body, headers] of refused)
      await expect(post(body, headers)).rejects.toMatchObject({ name: 'ServiceError' });
    expect(statistics()).toEqual([1, refused.length, 1, 1]);
  });

  test('an output that JSON cannot carry is refused before the run; text that proves to be none, after it', async () => {
    outputs = specs;
    await start();
    const asked = (name: string, parameters = {}) => post({ inputs: [input], outputs: [{ name, parameters }] });
    await expect(post({ inputs: [input] })).rejects.toThrow("'half' is FP16, which JSON cannot carry");
    await expect(asked('half')).rejects.toThrow("'half' is FP16, which JSON cannot carry");
    await expect(asked('half', { classification: 1 })).rejects.toThrow(
      "output 'half' is FP16, which has no classification",
    );
    await expect(asked('text', { classification: 1 })).rejects.toThrow(
      "output 'text' is BYTES, which has no classification",
    );
    expect(runs).toBe(0);
    expect(statistics()).toEqual([0, 4, 0, 0]);
    await expect(asked('text')).rejects.toThrow("'text' holds bytes that are no UTF-8 text");
    expect(statistics()).toEqual([0, 5, 1, 0]);
    await asked('half', { binary_data: true });
    await post({ inputs: [input], parameters: { binary_data_output: true } });
    expect(statistics()).toEqual([2, 5, 3, 2]);
  });

  test('rows count as inferences where the first dimension is free everywhere', async () => {
    await start();
    const three = { ...input, shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };
    await post({ inputs: [three] });
    expect(statistics()).toEqual([1, 0, 1, 3]);
    outputs = [{ name: 'y', datatype: 'FP32', shape: [2] }];
    store.add('m', [1], { config: { load: 'start', pinned: true } });
    await dataPlane.repository.refresh();
    await post({ inputs: [three] });
    expect(statistics()).toEqual([1, 0, 1, 1]);
  });

  test('the answer is JSON, or JSON with bytes behind it, as each output was asked for', async () => {
    await start();
    const json = await post({ inputs: [input] });
    expect(JSON.parse(String(Buffer.concat(json.body))).outputs[0].data).toEqual([0.1, 2]);
    expect(json.headers).toEqual(['content-type', 'application/json']);
    expect(json.timing).toMatch(/^input;dur=0, /);
    const binary = await post({ inputs: [input], parameters: { binary_data_output: true } });
    const jsonBytes = Number(binary.headers[binary.headers.indexOf('inference-header-content-length') + 1]);
    expect(Buffer.concat(binary.body)).toHaveLength(jsonBytes + 8);
    const outputs = [{ name: 'y', parameters: { binary_data: false } }];
    const mixed = await post({ inputs: [input], parameters: { binary_data_output: true }, outputs });
    expect(mixed.headers).not.toContain('inference-header-content-length');
    const raw = await post(new Uint8Array(8), { 'inference-header-content-length': '0' });
    expect(raw.headers).toContain('inference-header-content-length');
  });

  test('a deadline counts from the arrival, and is held where the run is on the calling thread', async () => {
    await start();
    const now = clock.now;
    // Each look at the clock is a microsecond later.
    clock.now = () => (clock.ms += 0.001);
    const late = {
      status: 504,
      message: "the deadline of 0.001 ms (parameter 'timeout') passed before the request was answered",
    };
    await expect(post({ inputs: [input], parameters: { timeout: 1 } })).rejects.toMatchObject(late);
    expect(runs).toBe(0);
    clock.now = now;
    await post({ inputs: [input], parameters: { timeout: 1 } });
    expect(runs).toBe(1);
  });

  test.each(['JSON', 'a raw body'])('a deadline ends the wait for a load, with %s', async (form) => {
    await start('first-use');
    loading = new Promise(() => undefined);
    const late = {
      status: 504,
      message: 'the deadline of 20 ms (header X-Request-Timeout-Ms) passed before the request was answered',
    };
    const headers = { 'x-request-timeout-ms': '20' };
    const answer =
      form === 'JSON'
        ? post({ inputs: [input] }, headers)
        : post(new Uint8Array(8), { ...headers, 'inference-header-content-length': '0' });
    await expect(answer).rejects.toMatchObject(late);
    expect(statistics()).toEqual([0, 1, 0, 0]);
  });

  test('a caller that leaves ends the wait for a load', async () => {
    await start('first-use');
    loading = new Promise(() => undefined);
    for (const headers of [{}, { 'x-request-timeout-ms': '60000' }]) {
      gone = new AbortController();
      const answer = post({ inputs: [input] }, headers as Record<string, string>);
      setTimeout(() => gone.abort(), 5);
      await expect(answer).rejects.toMatchObject({ status: 504, message: expect.stringContaining('its caller left') });
    }
  });

  test('what a load takes is no part of the time of the input', async () => {
    await start('first-use');
    loading = new Promise((resolve) => setTimeout(resolve, 5)).then(() => {
      clock.ms += 90;
    });
    const { timing } = await post(new Uint8Array(8), { 'inference-header-content-length': '0' });
    expect(timing).toMatch(/^input;dur=0, load;dur=90, /);
  });
});
