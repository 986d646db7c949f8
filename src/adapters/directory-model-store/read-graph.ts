import type { OnnxModel } from '../../graph/onnx-model.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readFileModel } from '../onnx-files/read-file-model.ts';
import { unreadable } from './unreadable.ts';

/**
 * An ONNX file as a graph, its weights left where they are. Rejects with 400 where it is none, with 503 where it cannot
 * be read.
 */
export function readGraph(path: string, label: string): Promise<OnnxModel> {
  return readFileModel(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== undefined) throw unreadable(`${label}: model.onnx`, cause);
    throw new ServiceError(400, `${label}: model.onnx is ${cause.message}`, { cause });
  });
}
