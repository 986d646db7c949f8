import { expect, jest, test } from '@jest/globals';
import { Deployment } from './deployment.ts';

jest.setTimeout(60_000);
const deployment = new Deployment();

/** A red WebP file of 2 by 2 pixels. */
const red = 'UklGRhwAAABXRUJQVlA4TA8AAAAvAUAAAAcQ/Y/+ByKi/wEA';

test('a repository of Hugging Face in the bucket has its task, and pictures are decoded by what the layer has', async () => {
  const folder = 'colours/1';
  await deployment.put(`${folder}/onnx/model.onnx`, {
    inputs: [{ name: 'pixel_values', datatype: 'FP32', shape: ['n', 3, 1, 1] }],
    outputs: [{ name: 'logits', datatype: 'FP32', shape: ['n', 3] }],
    nodes: [{ op: 'Flatten', inputs: ['pixel_values'], outputs: ['logits'] }],
  });
  const config = { architectures: ['ViTForImageClassification'], id2label: { 0: 'red', 1: 'green', 2: 'blue' } };
  await deployment.put(`${folder}/config.json`, JSON.stringify(config));
  await deployment.put(`${folder}/preprocessor_config.json`, '{"size": {"width": 1, "height": 1}}');
  const lambda = await deployment.function();
  const { json } = await lambda.call('POST', '/v1/predict/colours', { inputs: red, parameters: { top_k: 1 } });
  const score = Math.E / (Math.E + 2);
  expect(json).toMatchObject({ task: 'image-classification', predictions: [[{ label: 'red' }]] });
  expect(json.predictions[0][0].score).toBeCloseTo(score, 5);
});
