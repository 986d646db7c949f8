import { mkdir, writeFile } from 'node:fs/promises';
import { buildOnnx, type OnnxTensor } from '../test/fakes/onnx-builder.ts';

/** Where the models of the benchmarks are made. */
export const benchModels = '.cache/bench/models';

function weights(name: string, rows: number, columns: number): OnnxTensor {
  const values = new Float32Array(rows * columns);
  let seed = 1;
  for (let i = 0; i < values.length; i += 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    values[i] = (seed / 2147483648 - 0.5) / Math.sqrt(rows);
  }
  return { name, datatype: 'FP32', shape: [rows, columns], data: new Uint8Array(values.buffer) };
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

/** Makes `mlp` (784→128→10) and `heavy` (100 MB of FP32 weights). */
export async function makeModels(): Promise<void> {
  const models = { mlp: [784, 128, 10], heavy: [2048, 2500, 2500, 2500, 2500, 512] };
  for (const [name, sizes] of Object.entries(models)) {
    await mkdir(`${benchModels}/${name}/1`, { recursive: true });
    await writeFile(`${benchModels}/${name}/1/model.onnx`, network(sizes));
  }
}
