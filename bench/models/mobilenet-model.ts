import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BenchModel } from './bench-model.ts';
import { storeModel } from './store-model.ts';

const path = resolve(import.meta.dirname, '../../../shared/testdata/mobilenet-v2-int8/model.onnx');

/** MobileNet on one picture; undefined where the test data are not there. */
export function mobilenetModel(): BenchModel | undefined {
  if (!existsSync(path)) return undefined;
  const input = { name: 'image', datatype: 'UINT8', shape: [1, 224, 224, 3] } as const;
  return storeModel('mobilenet', readFileSync(path), input, 'scores');
}
