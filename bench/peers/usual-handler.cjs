// The handler that people write: the AWS SDK as it is installed, the whole object, a file in /tmp, a session by path.
const { writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');
const { InferenceSession, Tensor } = require('onnxruntime-node');

const s3 = new S3Client({ forcePathStyle: true });
let session;

async function load() {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'models', Key: process.env.MODEL_KEY }));
  const path = `${tmpdir()}/model.onnx`;
  await writeFile(path, await Body.transformToByteArray());
  return InferenceSession.create(path, { intraOpNumThreads: 1 });
}

exports.handler = async (event) => {
  session ??= load();
  const ready = await session;
  const bytes = Buffer.from(event.body, 'base64');
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const started = performance.now();
  const { y } = await ready.run({ x: new Tensor('float32', data, [1, 3, 224, 224]) });
  const headers = { 'server-timing': `infer;dur=${performance.now() - started}` };
  return { statusCode: 200, headers, body: JSON.stringify(Array.from(y.data)) };
};
