import { collectBytes } from '../collect-bytes.ts';
import type { OnnxTensor } from '../onnx-model.ts';

/** The elements of a FLOAT tensor, in memory of their own. */
export async function floatsOf({ data }: OnnxTensor): Promise<Float32Array<ArrayBuffer>> {
  return new Float32Array((await collectBytes(data)).slice().buffer);
}
