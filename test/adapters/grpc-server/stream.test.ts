import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endlessModel, identityModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';
import type { TestClient } from './test-client.ts';

const request = (id: number, more: object = {}) => ({
  model_name: 'same',
  id: String(id),
  inputs: [{ name: 'x', datatype: 'INT32', shape: [1] }],
  raw_input_contents: [Buffer.from(Int32Array.of(id).buffer)],
  ...more,
});
const endless = (id: string) => ({
  model_name: 'endless',
  id,
  inputs: [{ name: 'n', datatype: 'INT64', shape: [] }],
  raw_input_contents: [Buffer.from(BigInt64Array.of(10n ** 12n).buffer)],
});

describe('ModelStreamInfer', () => {
  let grpc: StartedGrpc;

  beforeAll(async () => {
    grpc = await startGrpc({ same: identityModel('INT32'), endless: endlessModel() });
  });
  afterAll(() => grpc.end());

  test('answers each request, in their order, however many there are at once', async () => {
    const { stream, ended } = open(grpc.client);
    for (let id = 0; id < 500; id += 1) stream.write(request(id));
    stream.end();
    const { answers, error } = await ended;
    expect(error).toBeUndefined();
    expect(answers).toHaveLength(500);
    for (const [index, { error_message, infer_response }] of answers.entries()) {
      expect(error_message).toBe('');
      expect(infer_response).toMatchObject({ model_name: 'same', model_version: '1', id: String(index) });
      expect(infer_response.parameters.triton_final_response).toMatchObject({ bool_param: true });
      expect(infer_response.raw_output_contents).toEqual([Buffer.from(Int32Array.of(index).buffer)]);
    }
  });

  test('a bad request fails alone, and says which it was', async () => {
    const { stream, ended } = open(grpc.client);
    stream.write(request(1));
    stream.write(request(2, { model_name: 'none' }));
    stream.write(request(3, { raw_input_contents: [Buffer.alloc(3)] }));
    stream.write(request(4));
    stream.end();
    const { answers, error } = await ended;
    expect(error).toBeUndefined();
    expect(answers.map(({ error_message, infer_response }) => [infer_response.id, error_message])).toEqual([
      ['1', ''],
      ['2', expect.stringContaining("there is no model 'none'")],
      ['3', expect.stringContaining('is 4 bytes of binary data, got 3')],
      ['4', ''],
    ]);
  });

  test('a request that waits holds up answers, not runs; its own deadline ends it', async () => {
    const { stream, ended } = open(grpc.client);
    const timeout = { int64_param: 300_000 };
    stream.write({ ...endless('slow'), parameters: { timeout } });
    stream.write(request(1));
    stream.end();
    const { answers } = await ended;
    expect(answers.map(({ infer_response }) => infer_response.id)).toEqual(['slow', '1']);
    expect(answers[0]?.error_message).toContain("the deadline of 300 ms (parameter 'timeout') passed");
  });

  test('runs end when the stream is cancelled', async () => {
    const { stream, ended } = open(grpc.client);
    stream.write(endless('a'));
    stream.write(endless('b'));
    await sleep(200);
    stream.cancel();
    expect((await ended).error).toMatchObject({ code: status.CANCELLED });
    // Both runs that there may be at once are free again.
    const n = { raw_input_contents: [Buffer.alloc(8)] };
    const calls = ['a', 'b'].map((id) =>
      grpc.client.call('ModelInfer', { ...endless(id), ...n }, { deadline: Date.now() + 5000 }),
    );
    await Promise.all(calls);
  });
});

interface Answer {
  readonly error_message: string;
  readonly infer_response: {
    readonly id: string;
    readonly parameters: Readonly<Record<string, object>>;
    readonly raw_output_contents: readonly Buffer[];
  };
}

/** A stream, and what came of it once it has ended. */
function open(client: TestClient) {
  const stream = client.stream();
  const answers: Answer[] = [];
  const ended = new Promise<{ answers: Answer[]; error?: Error }>((resolve) => {
    stream.on('data', (answer: Answer) => answers.push(answer));
    stream.on('end', () => resolve({ answers }));
    stream.on('error', (error: Error) => resolve({ answers, error }));
  });
  return { stream, ended };
}
