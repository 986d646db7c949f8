import { ServiceError } from '../../protocol/service-error.ts';
import { type ModelFile, modelFileAmong } from './version-layout.ts';

/** The model among files for a version. Refuses, with 400, those that have none. */
export function modelFileOf(files: ReadonlyMap<string, string>, label: string): ModelFile {
  const found = modelFileAmong(files);
  if (found) return found;
  throw new ServiceError(400, `${label}: expected a file 'model.onnx', got ${[...files.keys()].join(', ') || 'none'}`);
}
