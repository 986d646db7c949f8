import { join } from 'node:path';
import { isInside } from './is-inside.ts';

/** Whether a version's folder has its model, and both lie in the repository: a link in or out of it cannot lead elsewhere. */
export async function isWholeVersion(folder: string, root: string): Promise<boolean> {
  return (await isInside(folder, root, 'directory')) && (await isInside(join(folder, 'model.onnx'), root, 'file'));
}
