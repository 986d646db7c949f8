import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SoakCall } from './soak-call.ts';
import type { SoakRecord } from './soak-record.ts';

/** Nothing takes as long: a call without an answer then is a lost one. */
const longestMs = 20_000;

interface Soak {
  readonly url: string;
  readonly random: () => number;
  readonly record: SoakRecord;
}

type Act = (soak: Soak) => Promise<void>;

/** Of so many calls, what they are. */
const acts: readonly (readonly [number, Act])[] = [
  [50, (soak) => answered(soak, 'binary')],
  [20, (soak) => answered(soak, 'json')],
  [8, cancelled],
  [6, hurried],
  [6, texts],
  [6, faulty],
  [2, torn],
  [1, loadOrUnload],
];
const all = acts.reduce((sum, [weight]) => sum + weight, 0);

/** One caller over HTTP, which makes one call after another until `isOver`. */
export async function soakHttp(soak: Soak, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    let left = soak.random() * all;
    const [, act] = acts.find(([weight]) => {
      left -= weight;
      return left < 0;
    }) as readonly [number, Act];
    await act(soak).catch((error: Error) => soak.record.fail(`HTTP: ${error.message}`));
  }
}

async function answered({ url, random, record }: Soak, form: 'binary' | 'json'): Promise<void> {
  const call = new SoakCall(random);
  const response = await send(url, call, form);
  if (await isRefused(call, response)) return record.count('of an unloaded model');
  await checkAnswer(call, response);
  record.count('answered');
}

/** The caller leaves, at some moment. */
async function cancelled({ url, random, record }: Soak): Promise<void> {
  const call = new SoakCall(random);
  const leaving = new AbortController();
  const leaves = pause(random() * 30).then(() => leaving.abort());
  try {
    const response = await send(url, call, 'binary', { signal: leaving.signal });
    if (!(await isRefused(call, response))) await checkAnswer(call, response);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    record.count('cancelled');
  } finally {
    await leaves;
  }
}

/** The caller gives the server a few milliseconds. */
async function hurried({ url, random, record }: Soak): Promise<void> {
  const call = new SoakCall(random);
  const headers = { 'x-request-timeout-ms': String(1 + Math.floor(random() * 10)) };
  const response = await send(url, call, 'binary', { headers });
  if (response.status === 504) {
    await response.arrayBuffer();
    return record.count('too late');
  }
  if (!(await isRefused(call, response))) await checkAnswer(call, response);
}

async function texts({ url, random, record }: Soak): Promise<void> {
  const data = Array.from({ length: 4 }, () => `text ${random()}`);
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'BYTES', shape: [2, 2], data }] });
  const response = await post(`${url}/v2/models/texts/infer`, body);
  const { outputs } = (await response.json()) as { outputs: [{ data: string[] }] };
  if (String(outputs[0].data) !== String(data)) throw new Error(`sent ${data}, got ${outputs[0].data}`);
  record.count('answered');
}

async function faulty({ url, random, record }: Soak): Promise<void> {
  const wide = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] }] });
  const faults = [
    ['short', wide, 400],
    ['long', '{"inputs": [', 400],
    ['none', wide, 404],
    ['broken', wide, 503],
  ] as const;
  const [model, body, status] = faults[Math.floor(random() * faults.length)] as (typeof faults)[number];
  const response = await post(`${url}/v2/models/${model}/infer`, body);
  const text = await response.text();
  if (response.status !== status || !text.startsWith('{"error":')) {
    throw new Error(`${model}: expected ${status} and an error, got ${response.status} ${text.slice(0, 200)}`);
  }
  record.count('refused');
}

/** The connection ends amid a request. */
async function torn({ url, record }: Soak): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write('POST /v2/models/long/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"inputs":');
  socket.destroySoon();
  await once(socket, 'close');
  record.count('torn');
}

async function loadOrUnload({ url, random, record }: Soak): Promise<void> {
  const what = random() < 0.7 ? 'load' : 'unload';
  const response = await post(`${url}/v2/repository/models/swapped/${what}`, '');
  const text = await response.text();
  // Another caller may have unloaded it meanwhile.
  const isOvertaken = what === 'load' && response.status === 503 && text.includes('unloaded');
  if (response.status !== 200 && !isOvertaken) throw new Error(`${what}: ${response.status} ${text}`);
  record.count(`${what}s`);
}

function send(url: string, call: SoakCall, form: 'binary' | 'json', more: RequestInit = {}): Promise<Response> {
  const path = `${url}/v2/models/${call.model.name}/infer`;
  const input = { name: 'x', datatype: 'FP32', shape: call.shape };
  if (form === 'json') {
    return post(path, JSON.stringify({ id: call.id, inputs: [{ ...input, data: [...call.values] }] }), more);
  }
  const parameters = { binary_data_size: call.bytes.length };
  const json = JSON.stringify({
    id: call.id,
    parameters: { binary_data_output: true },
    inputs: [{ ...input, parameters }],
  });
  const headers = { ...more.headers, 'inference-header-content-length': String(json.length) };
  return post(path, Buffer.concat([Buffer.from(json), call.bytes]), { ...more, headers });
}

function post(url: string, body: string | Buffer<ArrayBuffer>, more: RequestInit = {}): Promise<Response> {
  const signals = [AbortSignal.timeout(longestMs), ...(more.signal ? [more.signal] : [])];
  return fetch(url, { method: 'POST', ...more, body, signal: AbortSignal.any(signals) });
}

/** Whether the model that comes and goes was away. */
async function isRefused({ model }: SoakCall, response: Response): Promise<boolean> {
  if (!model.comesAndGoes || response.status !== 503) return false;
  await response.arrayBuffer();
  return true;
}

async function checkAnswer(call: SoakCall, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${call.model.name}: ${response.status} ${body.toString()}`);
  const length = response.headers.get('inference-header-content-length');
  const { id, outputs } = JSON.parse(body.toString('utf8', 0, length === null ? body.length : Number(length))) as {
    id: string;
    outputs: [{ data: number[] }];
  };
  const numbers =
    length === null
      ? Float32Array.from(outputs[0].data)
      : new Float32Array(Uint8Array.from(body.subarray(Number(length))).buffer);
  call.check(id, numbers);
}
