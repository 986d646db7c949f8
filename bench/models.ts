import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildOnnx, type OnnxTensor } from '../test/fakes/onnx-builder.ts';
import type { BenchModel } from './bench-model.ts';

const root = join(import.meta.dirname, '..');
const stored = join(root, '../shared/testdata/mobilenet-v2-int8/model.onnx');

/** `mlp` (784→128→10, 0.4 MB), `heavy` (100 MB of weights, 32 rows at once) and MobileNet V2 (int8, a photo). */
const inputs = {
  mlp: { name: 'x', datatype: 'FP32', shape: [1, 784] },
  heavy: { name: 'x', datatype: 'FP32', shape: [32, 2048] },
  mobilenet: { name: 'image', datatype: 'UINT8', shape: [1, 224, 224, 3] },
} as const;

const layers = { mlp: [784, 128, 10], heavy: [2048, 2500, 2500, 2500, 2500, 512] };

/** Makes a model in .cache/bench where it is not there yet. Undefined: what it is made from is not on this machine. */
export async function benchModel(name: keyof typeof inputs): Promise<BenchModel | undefined> {
  const repository = join(root, '.cache/bench/repositories', name);
  const path = join(repository, name, '1', 'model.onnx');
  const model = { name, repository, path, input: inputs[name] };
  if (existsSync(path)) return model;
  if (name === 'mobilenet' && !existsSync(stored)) return undefined;
  await mkdir(dirname(path), { recursive: true });
  // Under its name only once it is whole.
  if (name === 'mobilenet') await copyFile(stored, `${path}.part`);
  else await writeFile(`${path}.part`, network(layers[name]));
  await rename(`${path}.part`, path);
  return model;
}

/** Multiplications by `sizes`, with Relu between them. */
function network(sizes: readonly number[]): Uint8Array {
  const initializers = sizes.slice(1).map((size, i) => weights(`w${i}`, sizes[i] as number, size));
  const nodes = initializers.flatMap((_weights, i) => {
    const last = i === initializers.length - 1;
    const product = { op: 'MatMul', inputs: [i === 0 ? 'x' : `r${i - 1}`, `w${i}`], outputs: [last ? 'y' : `p${i}`] };
    return last ? [product] : [product, { op: 'Relu', inputs: [`p${i}`], outputs: [`r${i}`] }];
  });
  const value = (name: string, size: number | undefined) => ({
    name,
    datatype: 'FP32' as const,
    shape: ['N', size ?? 0],
  });
  return buildOnnx({ inputs: [value('x', sizes[0])], outputs: [value('y', sizes.at(-1))], nodes, initializers });
}

function weights(name: string, rows: number, columns: number): OnnxTensor {
  const values = new Float32Array(rows * columns);
  let seed = 1;
  for (let i = 0; i < values.length; i += 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    values[i] = (seed / 2147483648 - 0.5) / Math.sqrt(rows);
  }
  return { name, datatype: 'FP32', shape: [rows, columns], data: new Uint8Array(values.buffer) };
}
