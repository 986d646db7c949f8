import { ServiceError } from '../../protocol/service-error.ts';

/** Refuses, with 400, files for a version that has no model among them. */
export function checkHasModel(files: ReadonlyMap<string, string>, label: string): void {
  if (files.has('model.onnx')) return;
  throw new ServiceError(400, `${label}: expected a file 'model.onnx', got ${[...files.keys()].join(', ') || 'none'}`);
}
