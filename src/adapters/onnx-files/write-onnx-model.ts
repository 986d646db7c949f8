import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { encodeModel } from '../../graph/encode-model.ts';
import type { OnnxModel } from '../../graph/onnx-model.ts';
import type { StoredBytes } from '../../graph/stored-bytes.ts';

/** The largest message that protobuf reads. */
const mostBytes = 2 ** 31 - 1;

export interface WriteOnnxOptions {
  /**
   * Whether weights go into a file of their own, `<name>.data` beside the model. Default: only where the model would be
   * 2 GB or more.
   */
  readonly externalData?: boolean;
}

/**
 * Writes a model to the file at `path`, a piece of its weights at a time. The files are seen whole or not at all, so
 * that a model may be written over the file that it was read from; it is not to be read from there any more then.
 * Resolves to the paths that were written.
 */
export async function writeOnnxModel(
  model: OnnxModel,
  path: string,
  options: WriteOnnxOptions = {},
): Promise<readonly string[]> {
  const inOne = options.externalData ? undefined : encodeModel(model);
  const isInOne = inOne !== undefined && inOne.file.length <= mostBytes;
  const { file, data } = isInOne ? inOne : encodeModel(model, { location: `${basename(path)}.data` });
  if (file.length > mostBytes)
    throw new Error(
      `without its weights, the model would be ${file.length} bytes, more than the ${mostBytes} that can be read`,
    );
  const files: [string, StoredBytes][] = data.length > 0 ? [[`${path}.data`, data]] : [];
  files.push([path, file]);
  try {
    for (const [target, bytes] of files) await write(`${target}.part`, bytes);
    for (const [target] of files) await rename(`${target}.part`, target);
  } catch (error) {
    for (const [target] of files) await rm(`${target}.part`, { force: true });
    throw error;
  }
  return files.map(([target]) => target);
}

async function write(path: string, bytes: StoredBytes): Promise<void> {
  const file = await open(path, 'w');
  let written = 0;
  try {
    for await (const piece of bytes.pieces()) {
      await file.writeFile(piece);
      written += piece.length;
    }
  } finally {
    await file.close();
  }
  // The lengths before the weights are of what was announced.
  if (written !== bytes.length) throw new Error(`${path}: ${written} bytes came where ${bytes.length} were announced`);
}
