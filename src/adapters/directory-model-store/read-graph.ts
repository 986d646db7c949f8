import type { OnnxSummary } from '../../graph/onnx-summary.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readOnnx } from '../onnx-files/read-onnx.ts';
import { unreadable } from './unreadable.ts';

/** What an ONNX file says of itself. Rejects with 400 where it is none, with 503 where it cannot be read. */
export function readGraph(path: string, label: string): Promise<OnnxSummary> {
  return readOnnx(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== undefined) throw unreadable(`${label}: model.onnx`, cause);
    throw new ServiceError(400, `${label}: model.onnx is ${cause.message}`, { cause });
  });
}
