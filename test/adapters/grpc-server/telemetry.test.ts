import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { OtlpReceiver, type ReceivedSpan } from '../../fakes/otlp-receiver.ts';
import { endlessModel, identityModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerId = 'b7ad6b7169203331';
const request = (model: string) => ({
  model_name: model,
  inputs: [{ name: 'x', datatype: 'UINT8', shape: [1] }],
  raw_input_contents: [Buffer.of(1)],
});

describe('gRPC', () => {
  let grpc: StartedGrpc | undefined;
  let receiver: OtlpReceiver | undefined;

  afterEach(async () => {
    await grpc?.end();
    await receiver?.end();
    grpc = undefined;
    receiver = undefined;
  });

  test('has a span for each request, in the trace of its caller, with its stages within it', async () => {
    receiver = await OtlpReceiver.start();
    grpc = await startGrpc({ m: identityModel('UINT8') }, {}, { otlpEndpoint: receiver.url });
    const traceparent = `00-${traceId}-${callerId}-01`;
    await grpc.client.call('ModelInfer', request('m'), {}, { traceparent, 'x-request-id': 'r1' });
    const failure = await grpc.client.call('ModelInfer', request('none')).catch((error) => error);
    await grpc.client.call('ServerReady');
    await grpc.server.close(0);
    const spans = receiver.of(traceId);
    const span = spans.get('inference.GRPCInferenceService/ModelInfer') as ReceivedSpan;
    expect(span).toMatchObject({ parentSpanId: callerId, kind: 2, status: { code: 0 } });
    expect(span.attributes).toEqual({
      'rpc.system': 'grpc',
      'rpc.service': 'inference.GRPCInferenceService',
      'rpc.method': 'ModelInfer',
      'rpc.grpc.status_code': 0,
      'tensorgate.request_id': 'r1',
      'tensorgate.model': 'm',
      'tensorgate.version': '1',
    });
    for (const stage of ['input', 'infer', 'output']) expect(spans.get(stage)?.parentSpanId).toBe(span.spanId);
    const [, failedTrace = ''] = failure.metadata.get('traceparent')[0].split('-');
    expect(receiver.of(failedTrace).get('inference.GRPCInferenceService/ModelInfer')).toMatchObject({
      status: { code: 0 },
      attributes: { 'rpc.grpc.status_code': 5 },
    });
    expect(receiver.spans.filter(({ name }) => name.includes('ServerReady'))).toEqual([]);
  });

  test('is counted by code beside HTTP', async () => {
    grpc = await startGrpc({ m: identityModel('UINT8') });
    await grpc.client.call('ModelInfer', request('m'));
    await grpc.client.call('ModelInfer', request('none')).catch(() => undefined);
    await grpc.client.call('ModelInfer', request('none')).catch(() => undefined);
    const text = await (await fetch(`${grpc.server.url}/metrics`)).text();
    expect(text).toContain('tensorgate_grpc_answers_total{code="0"} 1\n');
    expect(text).toContain('tensorgate_grpc_answers_total{code="5"} 2\n');
    expect(text).toContain('nv_inference_request_success{model="m",version="1"} 1\n');
  });

  test('counts calls and messages of streams that their caller cancels, and those whose time is up, apart', async () => {
    grpc = await startGrpc({ endless: endlessModel() });
    const { client, server } = grpc;
    const run = {
      model_name: 'endless',
      inputs: [{ name: 'n', datatype: 'INT64', shape: [] }],
      raw_input_contents: [Buffer.from(BigInt64Array.of(10n ** 12n).buffer)],
    };
    const late = client.call('ModelInfer', run, { deadline: Date.now() + 300 });
    expect(await late.catch(({ code }) => code)).toBe(status.DEADLINE_EXCEEDED);
    const early = client.start('ModelInfer', run, { deadline: Date.now() + 60_000 });
    const stream = client.stream();
    const ended = new Promise((resolve) => stream.once('error', resolve));
    stream.write(run);
    await sleep(200);
    early.cancel();
    stream.cancel();
    await Promise.all([ended, early.answer.catch(() => undefined)]);
    const counted = async () =>
      (await (await fetch(`${server.url}/metrics`)).text()).match(/^tensorgate_grpc_.*$/gm)?.toSorted();
    const deadline = Date.now() + 5000;
    const wanted = [
      `tensorgate_grpc_answers_total{code="${status.CANCELLED}"} 2`,
      `tensorgate_grpc_answers_total{code="${status.DEADLINE_EXCEEDED}"} 1`,
    ];
    while (String(await counted()) !== String(wanted) && Date.now() < deadline) await sleep(20);
    expect(await counted()).toEqual(wanted);
  });
});
