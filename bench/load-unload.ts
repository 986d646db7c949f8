import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openNativeSession } from '../src/adapters/onnx-native/open-native-session.ts';
import { buildOnnx } from '../test/fakes/onnx-builder.ts';

const folder = join(import.meta.dirname, '..', '.cache', 'bench');
const size = 1120;
const layers = 4;

interface Residents {
  readonly settled: number;
  readonly last: number;
}

/** How much memory is kept after 500 loads and unloads of a model of 20 MB, each run once, against the first 50. */
export async function benchLoadUnload(loads = 500) {
  const path = writeModel();
  // In a process of its own, as what wrote the model would count as memory too.
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, path, String(loads)]);
  const { settled, last } = JSON.parse(stdout) as Residents;
  const megabytes = (size * size * 4 * layers) / 1e6;
  return {
    name: `memory after ${loads} loads and unloads`,
    against: 'memory after 50',
    target: 1.05,
    ratio: last / settled,
    detail: `RSS ${last.toFixed(1)} MB against ${settled.toFixed(1)} MB, model of ${megabytes.toFixed(0)} MB; at most the target`,
  };
}

async function measure(path: string, loads: number): Promise<Residents> {
  const data = new Uint8Array(size * 4);
  const run = {
    inputNames: ['x'],
    inputs: [{ datatype: 'FP32' as const, shape: [1, size], data }],
    outputNames: ['y'],
  };
  const residents: number[] = [];
  for (let load = 1; load <= loads; load += 1) {
    const session = await openNativeSession(path, { intraOpThreads: 2 });
    await session.run(run);
    await session.release();
    residents.push(process.memoryUsage.rss() / 1e6);
  }
  // The most of ten, as one can come just before or after a collection.
  return { settled: Math.max(...residents.slice(40, 50)), last: Math.max(...residents.slice(-10)) };
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

if (import.meta.main) {
  const [path, loads] = process.argv.slice(2);
  if (path) process.stdout.write(JSON.stringify(await measure(path, Number(loads))));
  else console.log(await benchLoadUnload());
}
