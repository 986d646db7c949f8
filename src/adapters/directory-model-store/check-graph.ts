import { lstat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { type OnnxSummary, readOnnx } from '../../graph/read-onnx.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { isInside } from './is-inside.ts';
import { unreadable } from './unreadable.ts';

/** Reads what `model.onnx` in `folder` says of itself. Refuses, with 400, one whose weights lie outside the folder; with 503 what cannot be read. */
export async function checkGraph(folder: string, label: string): Promise<OnnxSummary> {
  const summary = await readOnnx(join(folder, 'model.onnx')).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== undefined) throw unreadable(`${label}: model.onnx`, cause);
    throw new ServiceError(400, `${label}: model.onnx is ${cause.message}`, { cause });
  });
  for (const location of summary.externalData) await checkLocation(location, folder, label);
  return summary;
}

async function checkLocation(location: string, folder: string, label: string): Promise<void> {
  const leaves = isAbsolute(location) || location.split(/[\\/]/).includes('..');
  const path = join(folder, location);
  if (!leaves && (await isInside(path, folder, 'file'))) return;
  const names = `${label} names external data '${location}'`;
  if (leaves || (await lstat(path).catch(() => undefined))) {
    throw new ServiceError(400, `${names} outside its folder: it must be a file in the version's own folder`);
  }
  throw new ServiceError(400, `${names}, which is not in the version's folder`);
}
