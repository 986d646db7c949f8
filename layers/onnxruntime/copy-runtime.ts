import { globSync } from 'node:fs';
import { join } from 'node:path';
import { copyFile } from '../copy-file.ts';
import type { Architecture } from './architecture.ts';
import { findPackage } from './find-package.ts';
import { layerFiles } from './layer-files.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Copies ONNX Runtime, and the way to call it, into the folder `nodeModules`, for one architecture of Linux and nothing else.
 *
 * @param cache folder for packages that npm did not install, as they are for other processors
 */
export function copyRuntime(architecture: Architecture, cache: string, nodeModules: string): void {
  for (const [name, patterns] of Object.entries(layerFiles(architecture))) {
    const source = findPackage(root, name, cache);
    for (const pattern of patterns) {
      const files = globSync(pattern, { cwd: source }).sort();
      if (files.length === 0)
        throw new Error(`${name} has no ${pattern}: layers/onnxruntime/layer-files.ts is out of date`);
      for (const file of files) copyFile(join(source, file), join(nodeModules, name, file));
    }
  }
}
