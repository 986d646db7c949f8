// The least that onnxruntime-node can do: a model that already lies on the disk, opened by its path and run.
const { InferenceSession, Tensor } = require('onnxruntime-node');

exports.handler = async (event) => {
  const session = await InferenceSession.create(process.env.MODEL_PATH, { intraOpNumThreads: 1 });
  const bytes = Buffer.from(event.body, 'base64');
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const started = performance.now();
  const { y } = await session.run({ x: new Tensor('float32', data, [1, 3, 224, 224]) });
  const headers = { 'server-timing': `infer;dur=${performance.now() - started}` };
  return { statusCode: 200, headers, body: JSON.stringify(Array.from(y.data)) };
};
