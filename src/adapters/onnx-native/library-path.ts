import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const fileNames: Readonly<Record<string, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

/** Where the installed onnxruntime-node keeps ONNX Runtime's library for this machine. */
export function libraryPath(): string {
  const fileName = fileNames[process.platform];
  if (!fileName) throw new Error(`onnxruntime-node has no library for ${process.platform}`);
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return join(folder, 'bin', 'napi-v6', process.platform, process.arch, fileName);
}
