import { expect, test } from '@jest/globals';
import { describeSpec } from '../../cli/describe-spec.ts';
import { exampleCall } from '../../cli/example-call.ts';
import type { Datatype } from '../../src/protocol/datatype.ts';

const model = (name: string, datatype: Datatype, shape: readonly number[]) => ({
  name,
  versions: ['1'],
  inputs: [{ name: 'x', datatype, shape }],
  outputs: [],
});
const url = 'http://127.0.0.1:1/base';

test('the example calls the model of the smallest input', () => {
  const models = [model('big', 'FP32', [-1, 40]), model('small', 'FP32', [-1, 2]), model('text', 'BYTES', [3])];
  expect(exampleCall(url, models)).toBe(
    `curl -s ${url}/v2/models/small/infer -d '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}'`,
  );
});

test('an image is sent as a raw body, whose command fits the line', () => {
  const call = exampleCall(url, [model('image', 'FP32', [-1, 3, 224, 224])]) ?? '';
  expect(call).toContain('head -c 602112 /dev/zero');
  expect(call).toContain(`${url}/v2/models/image/infer`);
  expect(call.length).toBeLessThan(300);
});

test('there is no example where no model takes either form', () => {
  expect(exampleCall(url, [])).toBeUndefined();
  expect(exampleCall(url, [model('texts', 'BYTES', [100])])).toBeUndefined();
});

test.each([
  [[-1, -1, 4, -1], 'x FP32[N,M,4,L]'],
  [[], 'x FP32[]'],
  [Array(9).fill(-1), 'x FP32[N,M,L,K,J,I,H,G,N9]'],
])('free dimensions of %j have letters of their own', (shape, text) => {
  expect(describeSpec({ name: 'x', datatype: 'FP32', shape })).toBe(text);
});
