import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openNativeSession } from '../src/adapters/onnx-native/open-native-session.ts';
import { buildOnnx } from '../test/fakes/onnx-builder.ts';

const folder = join(import.meta.dirname, '..', '.cache', 'bench');
const size = 1120;
const layers = 4;

/** How much memory is kept after 500 loads and unloads of a model of 20 MB, each run once, against the first 50. */
export async function benchLoadUnload(loads = 500) {
  const path = writeModel();
  const data = new Uint8Array(size * 4);
  const run = {
    inputNames: ['x'],
    inputs: [{ datatype: 'FP32' as const, shape: [1, size], data }],
    outputNames: ['y'],
  };
  let settled = 0;
  let resident = 0;
  for (let load = 1; load <= loads; load += 1) {
    const session = await openNativeSession(path, { intraOpThreads: 2 });
    await session.run(run);
    await session.release();
    resident = process.memoryUsage.rss() / 1e6;
    if (load === 50) settled = resident;
  }
  return {
    name: `memory after ${loads} loads and unloads`,
    against: 'memory after 50',
    target: 1.05,
    ratio: resident / settled,
    detail: `RSS ${resident.toFixed(1)} MB against ${settled.toFixed(1)} MB, model of ${((size * size * 4 * layers) / 1e6).toFixed(0)} MB`,
  };
}

function writeModel(): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'load-unload.onnx');
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', size] });
  const names = Array.from({ length: layers + 1 }, (_, layer) =>
    layer === 0 ? 'x' : layer === layers ? 'y' : `h${layer}`,
  );
  const data = new Uint8Array(new Float32Array(size * size).fill(1 / size).buffer);
  const graph = {
    inputs: [value('x')],
    outputs: [value('y')],
    nodes: Array.from({ length: layers }, (_, layer) => ({
      op: 'MatMul',
      inputs: [names[layer] as string, `w${layer}`],
      outputs: [names[layer + 1] as string],
    })),
    initializers: Array.from({ length: layers }, (_, layer) => ({
      name: `w${layer}`,
      datatype: 'FP32' as const,
      shape: [size, size],
      data,
    })),
  };
  writeFileSync(path, buildOnnx(graph));
  return path;
}

if (import.meta.main) console.log(await benchLoadUnload());
