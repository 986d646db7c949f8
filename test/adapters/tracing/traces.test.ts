import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import { chooseSampler } from '../../../src/adapters/tracing/choose-sampler.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { OtlpReceiver, type ReceivedSpan } from '../../fakes/otlp-receiver.ts';
import { runCommand } from '../../fakes/run-command.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { type CliResult, type StartedCli, startCli } from '../../fakes/start-cli.ts';
import { identityModel } from '../models.ts';

jest.setTimeout(30_000);

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerId = 'b7ad6b7169203331';
const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [3] }] });

/** The URL of a server that starts. */
async function urlOf({ process: child }: StartedCli): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    const found = /listening on (http:\S+)/.exec(output)?.[1];
    if (found) return found;
  }
  throw new Error('it did not start');
}

/** Asks a server whose collector is away, again and again, and ends it. */
async function askWithoutCollector(): Promise<CliResult & { readonly statuses: readonly number[] }> {
  const models = await mkdtemp(join(tmpdir(), 'tensorgate-traces-'));
  const gone = await OtlpReceiver.start();
  await gone.end();
  const words = ['serve', '--models', models, '--port', '0', '--otlp-endpoint', gone.url];
  const started = startCli({ ...process.env, OTEL_BSP_SCHEDULE_DELAY: '100' }, ...words);
  const url = await urlOf(started);
  const statuses: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    statuses.push((await fetch(`${url}/v2/models`)).status);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  started.process.kill('SIGTERM');
  const result = await started.ended;
  await rm(models, { recursive: true });
  return { ...result, statuses };
}

describe('traces', () => {
  let folder: string;
  // Begun first: as it ends it tries for seconds to send what it has, in which the other tests run.
  let withoutCollector: ReturnType<typeof askWithoutCollector>;
  beforeAll(() => {
    withoutCollector = askWithoutCollector();
    withoutCollector.catch(() => undefined);
  });

  let receiver: OtlpReceiver;
  let server: RunningServer | undefined;
  const start = async (otlpEndpoint: string) => {
    server = await startServer({ ...serverOptions, models: folder, otlpEndpoint });
  };
  /** Ends the server, which sends what it has. */
  const stop = async () => {
    await server?.close(0);
    await server?.dataPlane.repository.unload('m');
    server = undefined;
  };
  const infer = (model: string, headers: Record<string, string> = {}) =>
    fetch(`${server?.url}/v2/models/${model}/infer`, { method: 'POST', body, headers });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-traces-'));
    await mkdir(join(folder, 'm/3'), { recursive: true });
    await writeFile(join(folder, 'm/3/model.onnx'), buildOnnx(identityModel('FP32')));
    await writeFile(join(folder, 'm/model.json'), '{"load": "first-use"}');
    receiver = await OtlpReceiver.start();
  });
  afterEach(async () => {
    await stop();
    await receiver.end();
    await rm(folder, { recursive: true });
  });

  test('a request is a span of the trace of its caller, with its stages within it, one after the other', async () => {
    await start(receiver.url);
    const answer = await infer('m', { traceparent: `00-${traceId}-${callerId}-01`, 'x-request-id': 'r1' });
    await stop();
    const spans = receiver.of(traceId);
    const request = spans.get('POST /v2/models/:model/infer') as ReceivedSpan;
    expect(answer.headers.get('traceparent')).toBe(`00-${traceId}-${request.spanId}-01`);
    expect(request).toMatchObject({ parentSpanId: callerId, kind: 2, status: { code: 0 } });
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'url.path': '/v2/models/m/infer',
      'http.route': '/v2/models/:model/infer',
      'tensorgate.request_id': 'r1',
      'http.response.status_code': 200,
      'tensorgate.model': 'm',
      'tensorgate.version': '3',
    });
    const stages = ['input', 'load', 'queue', 'infer', 'output'].map((name) => spans.get(name) as ReceivedSpan);
    expect(stages.map((stage) => stage?.parentSpanId)).toEqual(stages.map(() => request.spanId));
    const times = stages.flatMap(({ startTimeUnixNano: from, endTimeUnixNano: to }) => [BigInt(from), BigInt(to)]);
    const all = [BigInt(request.startTimeUnixNano), ...times, BigInt(request.endTimeUnixNano)];
    // Rounded to microseconds, each by itself.
    for (const [index, time] of all.slice(1).entries()) expect(time - (all[index] as bigint)).toBeGreaterThan(-2000n);
    expect(Number(BigInt(request.startTimeUnixNano) / 1_000_000n)).toBeGreaterThan(Date.now() - 60_000);
    expect(receiver.resource).toMatchObject({ 'service.name': 'tensorgate', 'service.version': '0.1.0' });
  });

  test('without a traceparent, or with one that is none, a trace begins', async () => {
    await start(receiver.url);
    const answers = [await infer('m'), await infer('m', { traceparent: 'of nobody' })];
    await stop();
    for (const answer of answers) {
      const [, id = ''] = answer.headers.get('traceparent')?.split('-') ?? [];
      expect(receiver.of(id).get('POST /v2/models/:model/infer')).not.toHaveProperty('parentSpanId');
    }
  });

  test('what the caller does not sample is not sent, and goes on as what it is', async () => {
    await start(receiver.url);
    const answer = await infer('m', { traceparent: `00-${traceId}-${callerId}-00` });
    await stop();
    expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    expect(receiver.spans).toEqual([]);
  });

  test('a failure has its status, and counts as one of the server only where it is', async () => {
    await start(receiver.url);
    await infer('none', { traceparent: `00-${traceId}-${callerId}-01` });
    await fetch(`${server?.url}/nothing/here`);
    await fetch(`${server?.url}/v2/repository/models/m/unload`, { method: 'POST' });
    const unloaded = await infer('m');
    await stop();
    const missing = receiver.of(traceId).get('POST /v2/models/:model/infer');
    expect(missing).toMatchObject({ status: { code: 0 }, attributes: { 'http.response.status_code': 404 } });
    const [, id = ''] = unloaded.headers.get('traceparent')?.split('-') ?? [];
    expect(receiver.of(id).get('POST /v2/models/:model/infer')).toMatchObject({
      status: { code: 2, message: expect.stringContaining("model 'm' is unloaded") },
      attributes: { 'http.response.status_code': 503, 'error.type': '503' },
    });
    expect(receiver.spans.find(({ name }) => name === 'GET')?.attributes).not.toHaveProperty('http.route');
  });

  test('probes and scrapes are no traces', async () => {
    await start(receiver.url);
    for (const path of ['/v2/health/live', '/v2/health/ready', '/metrics'])
      expect((await fetch(server?.url + path)).headers.has('traceparent')).toBe(false);
    await stop();
    expect(receiver.spans).toEqual([]);
  });

  test('a server that ends sends what it has; its log has the ids; the standard variables hold', async () => {
    const env = {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
      OTEL_SERVICE_NAME: 'fraud',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    };
    const words = ['serve', '--models', folder, '--port', '0', '--log-level', 'debug'];
    const started = startCli(env, ...words);
    const url = await urlOf(started);
    await fetch(`${url}/v2/models`);
    const headers = { traceparent: `00-${traceId}-${callerId}-01` };
    await fetch(`${url}/v2/models/m/infer`, { method: 'POST', body, headers });
    started.process.kill('SIGTERM');
    const { code, stderr } = await started.ended;
    expect(code).toBe(0);
    const span = receiver.of(traceId).get('POST /v2/models/:model/infer');
    const lines = stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
    expect(lines.find(({ path }) => path === '/v2/models/m/infer')).toMatchObject({
      trace_id: traceId,
      span_id: span?.spanId,
      status: 200,
    });
    expect(new Set(receiver.spans.map((each) => each.traceId))).toEqual(new Set([traceId]));
    expect(receiver.resource).toMatchObject({ 'service.name': 'fraud' });
  });

  test('where the collector is away, requests are answered, and the log says so once', async () => {
    const { statuses, code, stderr } = await withoutCollector;
    expect(statuses).toEqual([200, 200, 200]);
    expect(code).toBe(0);
    expect(stderr.match(/traces cannot be sent; they are dropped/g)).toHaveLength(1);
  });

  test.each([
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'expected always_on, always_off or traceidratio, or one of these after'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'Expected a URL such as http://127.0.0.1:4318.'],
  ])('does not start with %s=%s', async (variable, value, message) => {
    const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'traceidratio' };
    const words = ['serve', '--models', folder, '--port', '0'];
    const { code, stderr } = await runCommand.within({ ...env, [variable]: value }, ...words);
    expect(stderr).toContain(message);
    expect(code).not.toBe(0);
  });

  test('a ratio of what is not one is refused', () => {
    const choose = (ratio: string) => () =>
      chooseSampler({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio });
    expect(choose('2')).toThrow("OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got '2'");
    expect(choose(' ')).toThrow("got ' '");
    expect(choose('0.5')).not.toThrow();
  });
});
