import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BenchModel } from './bench-model.ts';
import { storeModel } from './store-model.ts';

const path = resolve(import.meta.dirname, '../../../shared/testdata/super-resolution/model.onnx');

/** PyTorch's super-resolution network on one picture, in FP32; undefined where the test data are not there. */
export function superResolutionModel(): BenchModel | undefined {
  if (!existsSync(path)) return undefined;
  const input = { name: 'input', datatype: 'FP32', shape: [1, 1, 224, 224] } as const;
  return storeModel('super-resolution', readFileSync(path), input, 'output');
}
