import { expect, jest, test } from '@jest/globals';
import { slowModel } from '../adapters/models.ts';
import { Deployment } from './deployment.ts';

jest.setTimeout(120_000);
const deployment = new Deployment();
const taskRoot = process.env.PREPARE_TASK_ROOT;
const stored = (key: string) => ({ detail: { object: { key } } });

test('what the one function prepares the other serves, and downloads nothing else of the model', async () => {
  // Large enough that S3 gets its weights in parts.
  await deployment.put('pushed/1/model.onnx', slowModel(2, 2200));
  const preparing = await deployment.function({ taskRoot });
  expect((await preparing.invoke(stored('pushed/1/model.onnx'))).text).toBe('null');
  expect(preparing.log).toContain('"outcome":"prepared"');
  expect((await preparing.invoke(stored('pushed/1/model.onnx'))).text).toBe('null');
  expect(preparing.log).toContain('it has a prepared form');

  deployment.proxy.take();
  const serving = await deployment.function();
  const x = { name: 'x', datatype: 'FP32', shape: [1, 2200], data: Array.from({ length: 2200 }, () => 1) };
  const answer = await serving.call('POST', '/v2/models/pushed/infer', { inputs: [x] });
  expect(answer.json.outputs).toMatchObject([{ shape: [1, 2200] }]);
  const fetched = deployment.proxy.take().filter((request) => /^GET .*\/pushed\/1\//.test(request));
  expect(fetched).toContainEqual(expect.stringMatching(/\.prepared\/[^/]+\/weights\.bin/));
  expect(fetched.filter((request) => !request.includes('/.prepared/'))).toEqual([]);
  expect(serving.log).toMatch(/"form":"prepared"/);
  expect(serving.log).toMatch(/"Loads":1/);
});

test('a model that does not load is no failure of the function', async () => {
  await deployment.put('broken/1/model.onnx', '{}');
  const preparing = await deployment.function({ taskRoot });
  expect((await preparing.invoke(stored('broken/1/model.onnx'))).text).toBe('null');
  expect(preparing.log).toContain('"outcome":"impossible"');
});

test('a store that fails is one, so that Lambda tries again', async () => {
  await deployment.put('unread/1/model.onnx', 'models/iris/1/model.onnx');
  const environment = { AWS_SECRET_ACCESS_KEY: 'wrong' };
  const preparing = await deployment.function({ taskRoot, environment });
  expect((await preparing.invoke(stored('unread/1/model.onnx'))).text).toContain(
    "model 'unread' cannot be read from S3",
  );
});
