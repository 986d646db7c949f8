import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyFile } from '../../layers/copy-file.ts';

const runtime = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';

/** Files of pip's packages → where the application has them. */
const places: readonly (readonly [pattern: string, folder: string, name?: string])[] = [
  // The runtime and its provider of one build: they share more than an interface.
  ['onnxruntime/capi/libonnxruntime.so.*', runtime, 'libonnxruntime.so.1'],
  ['onnxruntime/capi/libonnxruntime_providers_{cuda,shared}.so', runtime],
  ['nvidia/{,*/}*/lib/*.so*', 'cuda'],
];

/**
 * Puts ONNX Runtime's CUDA provider, and the libraries of CUDA, cuDNN and others that it needs, into an application.
 * CUDA's own go to `cuda/`, which LD_LIBRARY_PATH has to name; the driver's (`libcuda.so.1`) is the host's.
 *
 * @param packages folder that pip installed `cuda-requirements.txt` into
 */
export function placeCuda(packages: string | undefined, application: string): void {
  if (packages === undefined)
    throw new Error('The target cuda needs --cuda-packages: the folder that pip put cuda-requirements.txt into');
  for (const [pattern, folder, name] of places) {
    const files = globSync(pattern, { cwd: packages }).sort();
    if (files.length === 0)
      throw new Error(`${packages} has no ${pattern}: run pip install --target ${packages} -r cuda-requirements.txt`);
    for (const file of files) copyFile(join(packages, file), join(application, folder, name ?? basename(file)));
  }
}
