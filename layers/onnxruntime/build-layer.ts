import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keepFolder } from '../keep-folder.ts';
import type { Architecture } from './architecture.ts';
import { checkLayer } from './check-layer.ts';
import { copyRuntime } from './copy-runtime.ts';
import { layerFiles } from './layer-files.ts';

const root = join(import.meta.dirname, '../..');

export interface LayerOptions {
  /** Folder to build in. @default .cache/layers */
  readonly cache?: string;
}

/**
 * Assembles the Lambda layer of ONNX Runtime for one architecture out of the installed packages, and returns its folder.
 *
 * A layer is named by the lock file's versions and by this recipe, and built once: what is found under its name is whole.
 * The same versions give the same bytes, modes and times.
 */
export function buildLayer(architecture: Architecture, options: LayerOptions = {}): string {
  const cache = options.cache ?? join(root, '.cache/layers');
  const folder = join(cache, `onnxruntime-${architecture}-${recipeDigest(architecture)}`);
  if (existsSync(folder)) return folder;

  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'build-'));
  try {
    copyRuntime(architecture, join(cache, 'packages'), join(unfinished, 'nodejs/node_modules'));
    checkLayer(unfinished);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  // Named when whole, so a build cut short is never taken for a layer.
  keepFolder(unfinished, folder);
  return folder;
}

/** Names the layer by all that decides its bytes: which files, and the digests of the packages they are from. */
function recipeDigest(architecture: Architecture): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const files = layerFiles(architecture);
  const digests = Object.keys(files).map((name) => lock.packages[`node_modules/${name}`]?.integrity);
  return createHash('sha256')
    .update(JSON.stringify([files, digests]))
    .digest('hex')
    .slice(0, 12);
}
