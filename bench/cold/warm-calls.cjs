// What the handler adds to a run of a tiny model: node bench/cold/warm-calls.cjs HANDLER EVENT MODEL.
// Prints how long each of its calls, and each raw run, took, in ms; taken in turns in one process.
const { readFileSync } = require('node:fs');
const { InferenceSession, Tensor } = require('onnxruntime-node');

const rounds = 20;
const callsOfRound = 100;

async function main() {
  const [, , path, eventPath, modelPath] = process.argv;
  const { handler } = require(path);
  const event = JSON.parse(readFileSync(eventPath, 'utf8'));
  const context = { awsRequestId: 'warm', getRemainingTimeInMillis: () => 29_000 };
  const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1 });
  const [name] = session.inputNames;
  const { shape } = session.inputMetadata[0];
  const bytes = Buffer.from(event.body, 'base64');
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const input = { [name]: new Tensor('float32', data, [1, ...shape.slice(1)]) };

  const call = async () => {
    const { statusCode } = await handler(event, context);
    if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}`);
  };
  const called = [];
  const ran = [];
  await time(call, []);
  for (let round = 0; round < rounds; round += 1) {
    await time(call, called);
    await time(() => session.run(input), ran);
  }
  console.log(`times ${JSON.stringify({ called, ran })}`);
  process.exit(0);
}

async function time(work, into) {
  for (let index = 0; index < callsOfRound; index += 1) {
    const started = performance.now();
    await work();
    into.push(performance.now() - started);
  }
}

main();
