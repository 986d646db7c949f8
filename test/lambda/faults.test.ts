import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { Deployment } from './deployment.ts';

jest.setTimeout(60_000);
const deployment = new Deployment();
const iris = { inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [5.1, 3.5, 1.4, 0.2] }] };

describe('a function whose store', () => {
  test('cannot be reached at its start says so, and serves once it can', async () => {
    await deployment.s3.kill();
    const lambda = await deployment.function({ environment: { TENSORGATE_PINNED: 'iris' } });
    const answer = await lambda.call('POST', '/v2/models/iris/infer', iris);
    expect(answer.result.statusCode).toBe(503);
    expect(answer.json.error).toMatch(
      /^the model repository s3:\/\/models\/ cannot be read from S3: the connection to S3 failed/,
    );
    expect(answer.text).not.toMatch(/127\.0\.0\.1|node:/);
    await deployment.s3.start();
    expect((await lambda.call('POST', '/v2/models/iris/infer', iris)).json.outputs).toMatchObject([{ data: [0] }, {}]);
  });

  test('has gone goes on serving what it has, says what it has not, and recovers', async () => {
    const lambda = await deployment.function();
    const status = async (model: string) =>
      (await lambda.call('POST', `/v2/models/${model}/infer`, iris)).result.statusCode;
    expect(await status('iris')).toBe(200);
    await deployment.s3.kill();
    await lambda.skipTime();
    expect([await status('iris'), await status('iris')]).toEqual([200, 200]);
    expect(await status('zeros')).toBe(503);
    await deployment.s3.start();
    await lambda.skipTime();
    expect(await status('iris')).toBe(200);
    // A load that failed is tried again after a pause.
    await pause(1500);
    expect(await status('zeros')).toBe(400);
  });

  test('cuts connections gets asked for the rest', async () => {
    await deployment.put('cut/1/model.onnx', 'models/digits/1/model.onnx');
    deployment.proxy.cuts.push(1000, 2000, 0);
    const lambda = await deployment.function();
    const answer = await lambda.call('GET', '/v2/models/cut');
    expect(answer.json).toMatchObject({ name: 'cut', versions: ['1'] });
    const gets = deployment.proxy.requests.filter((request) => request.startsWith('GET') && request.includes('.onnx'));
    expect(gets).toHaveLength(4);
  });
});
