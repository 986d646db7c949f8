// One process of the comparison: runs a model through onnxruntime-node for as many seconds as it is told, and answers runs per second.
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [path = '', ...sizes] = process.argv.slice(2);
const shape = sizes.map(Number);
const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const count = shape.reduce((product, size) => product * size, 1);
const feeds = { x: new Tensor('float32', new Float32Array(count), shape) };
await session.run(feeds);
process.on('message', async (seconds) => {
  const started = performance.now();
  let runs = 0;
  while (performance.now() < started + Number(seconds) * 1000) {
    await session.run(feeds);
    runs += 1;
  }
  process.send?.((runs * 1000) / (performance.now() - started));
});
process.send?.(0);
