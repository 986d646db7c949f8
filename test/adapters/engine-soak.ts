// Runs the native engine until a fault in who owns which memory would show: node --expose-gc engine-soak.ts [--full]
import { strict as assert } from 'node:assert';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import type { Session, SessionOutput } from '../../src/ports/session.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { addModel, identityModel, nonZeroModel, removeModels, slowModel, writeModel } from './models.ts';

const isFull = process.argv.includes('--full');
const counts = isFull
  ? { sync: 1_000_000, async: 200_000, collected: 2_000, cancelled: 2_000, opened: 500 }
  : { sync: 50_000, async: 10_000, collected: 60, cancelled: 60, opened: 20 };
const collect = globalThis.gc ?? (() => assert.fail('start with --expose-gc'));
const megabyte = 1024 * 1024;

const open = (path: string) => openNativeSession(path, { intraOpThreads: 1 });
const float = (values: number[], shape: number[]): Tensor => {
  return { datatype: 'FP32', shape, data: new Uint8Array(new Float32Array(values).buffer) };
};
const first = (output: SessionOutput | undefined) => {
  const data = output?.data as Uint8Array;
  return new Float32Array(data.buffer, data.byteOffset, 1)[0];
};
const addRun = (value: number, rows = 1) => ({
  inputNames: ['a', 'b'],
  inputs: [float(Array(rows * 2).fill(value), [rows, 2]), float(Array(rows * 2).fill(1), [rows, 2])],
  outputNames: ['sum', 'difference'],
});

async function collectedRuns(session: Session, texts: Session, places: Session): Promise<void> {
  for (let index = 0; index < counts.collected; index += 1) {
    const rows = 1 + (index % 40);
    const running = session.run(addRun(index, rows));
    collect();
    const fill = Array.from({ length: 200 }, () => new Uint8Array(rows * 8).fill(255));
    assert.equal(first((await running)[0]), index + 1);
    collect();
    assert.equal(first(session.runSync?.(addRun(index, rows))[1]), index - 1);
    assert.equal(fill.length, 200);

    const data = [Buffer.from(`text ${index}`), Buffer.from([0, index % 256]), Buffer.alloc(0)];
    const texting = texts.run({
      inputNames: ['x'],
      inputs: [{ datatype: 'BYTES', shape: [3], data }],
      outputNames: ['y'],
    });
    collect();
    const [echoed] = await texting;
    assert.deepEqual(
      echoed?.data,
      data.map((text) => Uint8Array.from(text)),
    );

    const values = Array.from({ length: 8 }, (_, place) => (index >> place) & 1);
    const found = places.run({ inputNames: ['x'], inputs: [float(values, [8])], outputNames: ['places'] });
    collect();
    assert.deepEqual((await found)[0]?.shape, [1, values.filter(Boolean).length]);
  }
}

async function syncRuns(session: Session): Promise<void> {
  for (let index = 0; index < counts.sync; index += 1) {
    assert.equal(first(session.runSync?.(addRun(index))[0]), Math.fround(index + 1));
    if (index % 5000 === 0) await nextTurn();
  }
}

async function asyncRuns(session: Session): Promise<void> {
  let next = 0;
  const caller = async () => {
    while (next < counts.async) {
      const value = next;
      next += 1;
      assert.equal(first((await session.run(addRun(value, 1 + (value % 7))))[0]), value + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
}

async function cancelledRuns(): Promise<void> {
  const size = 256;
  const session = await open(writeModel(slowModel(20, size)));
  const run = { inputNames: ['x'], inputs: [float(Array(size * size).fill(1), [size, size])], outputNames: ['y'] };
  let cancelled = 0;
  const caller = async () => {
    for (let index = 0; index < counts.cancelled / 4; index += 1) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), Math.random() * 25);
      await session.run(run, controller.signal).catch((error) => {
        assert.equal(error.status, 504);
        cancelled += 1;
      });
      if (index % 5 === 0) collect();
    }
  };
  await Promise.all(Array.from({ length: 4 }, caller));
  await session.release();
  console.log(`cancelled ${cancelled} of ${counts.cancelled}`);
}

async function openings(path: string): Promise<void> {
  for (let index = 0; index < counts.opened; index += 1) {
    const session = await open(path);
    const running = [session.run(addRun(1)), session.run(addRun(2))];
    const released = session.release();
    collect();
    assert.deepEqual(
      (await Promise.all(running)).map(([sum]) => first(sum)),
      [2, 3],
    );
    await released;
  }
}

const addPath = writeModel(addModel());
const add = await open(addPath);
const texts = await open(writeModel(identityModel('BYTES')));
const places = await open(writeModel(nonZeroModel()));

const phases: [string, () => Promise<void>][] = [
  ['warm', async () => void (await Promise.all([syncRuns(add), asyncRuns(add)]))],
  ['collected', () => collectedRuns(add, texts, places)],
  ['cancelled', cancelledRuns],
  ['opened', () => openings(addPath)],
  ['sync', () => syncRuns(add)],
  ['async', () => asyncRuns(add)],
];
let settled = 0;
for (const [name, phase] of phases) {
  const started = performance.now();
  await phase();
  collect();
  const resident = process.memoryUsage.rss() / megabyte;
  settled ||= resident;
  console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s, RSS ${resident.toFixed(1)} MB`);
  // Room for what the phases bring along: other sessions, their threads, a larger young generation.
  assert.ok(resident < settled + 60, `memory grew from ${settled.toFixed(1)} to ${resident.toFixed(1)} MB`);
}
await Promise.all([add.release(), texts.release(), places.release()]);
removeModels();
console.log('soak passed');
